//! An office for the tests: people, documents, the whole API.

use std::io::Write;

use guards::server::{PASSKEY_ORIGIN, Server};
use plenum_authz::Viewer;
use plenum_db::Access;
use plenum_identity::{password, store::accounts};
use plenum_kernel::TypedId;
use serde_json::Value;
use testkit::{Authenticator, Tenant};

pub const PASSWORD: &str = "a long password";

pub struct Office {
    pub server: Server,
    pub tenant: Tenant,
    pub clerk: Viewer,
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

pub fn reason(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["reason"].as_str().unwrap_or_else(|| panic!("no refusal: {answer}"))
}

/// Path and reason of the first fault.
pub fn fault(answer: &Value) -> (String, String) {
    let fault = &answer["errors"][0]["extensions"]["fields"][0];
    (text(&fault["path"]), text(&fault["reason"]))
}

impl Office {
    pub async fn open() -> Self {
        let server = Server::start().await;
        let tenant = server.world.tenant("alpha", &["ППО № 1", "ППО № 2"]).await;
        let clerk = server.world.viewer(&tenant, "clerk").await;
        Self { server, tenant, clerk }
    }

    /// A person with access, and a password.
    pub async fn person(&self, role: &str) -> Viewer {
        let viewer = self.server.world.viewer(&self.tenant, role).await;
        let hash = password::hash(PASSWORD.to_owned()).await.expect("hashed");
        let mut tx = self.server.world.db.global(None).await.expect("a transaction opens");
        accounts::set_password(tx.conn(), viewer.account().expect("a person"), &hash).await.expect("set");
        tx.commit().await.expect("committed");
        viewer
    }

    pub async fn ask(&self, viewer: &Viewer, operation: &str) -> Value {
        self.server.ask(viewer, operation).await
    }

    /// An operation that must be well; the value of its only field.
    pub async fn done(&self, viewer: &Viewer, operation: &str) -> Value {
        let answer = self.ask(viewer, operation).await;
        assert!(answer["errors"].is_null(), "{operation}: {answer}");
        answer["data"].as_object().and_then(|all| all.values().next()).cloned().expect("one field")
    }

    pub async fn work(&self) {
        self.server.worker.drain(self.tenant.id).await.expect("the jobs are done");
    }

    pub async fn journal(&self, kind: &str) -> String {
        let operation = format!(
            "mutation {{ createJournal(input: {{ kind: {kind}, name: \"Журнал {kind}\", pattern: \"{{n}}-{{yy}}\" }}) {{ id }} }}"
        );
        text(&self.done(&self.clerk, &operation).await["id"])
    }

    pub async fn document(&self, kind: &str, title: &str) -> String {
        let operation =
            format!("mutation {{ createDocument(kind: {kind}, input: {{ title: \"{title}\" }}) {{ id }} }}");
        text(&self.done(&self.clerk, &operation).await["id"])
    }

    /// A complete upload of a viewer.
    pub async fn upload(&self, viewer: &Viewer, name: &str, declared: &str, bytes: &[u8]) -> String {
        let world = &self.server.world;
        let mut tx =
            world.db.tenant(viewer, plenum_files::permissions::UPLOAD, Access::Write).await.expect("opens");
        let file = world.files.keep(&mut tx, name, declared, bytes.to_vec().into()).await.expect("kept");
        tx.commit().await.expect("committed");
        file.id.global()
    }

    pub async fn add_version(&self, viewer: &Viewer, document: &str, file: &str) -> Value {
        let operation = format!(
            "mutation {{ addVersion(document: \"{document}\", file: \"{file}\") \
             {{ state versions {{ ordinal sha256 flag previewUrl }} }} }}"
        );
        self.ask(viewer, &operation).await
    }

    /// A document with a version that may be signed.
    pub async fn paper(&self, kind: &str, title: &str) -> String {
        let document = self.document(kind, title).await;
        let file = self.upload(&self.clerk, "бумага.txt", "text/plain", title.as_bytes()).await;
        let added = self.add_version(&self.clerk, &document, &file).await;
        assert!(added["errors"].is_null(), "{added}");
        document
    }

    pub async fn route(&self, document: &str, steps: &[(i32, &str, &Viewer)]) -> Value {
        let steps: Vec<String> = steps
            .iter()
            .map(|(group, act, viewer)| {
                let account = viewer.account().expect("a person");
                format!("{{ group: {group}, act: {act}, account: \"{account}\" }}")
            })
            .collect();
        let operation = format!(
            "mutation {{ startRoute(document: \"{document}\", steps: [{}]) {{ state }} }}",
            steps.join(", ")
        );
        self.ask(&self.clerk, &operation).await
    }

    pub async fn see(&self, viewer: &Viewer, document: &str, selection: &str) -> Value {
        let operation = format!("{{ node(id: \"{document}\") {{ ... on Document {{ {selection} }} }} }}");
        self.done(viewer, &operation).await
    }

    /// The step that waits for the viewer.
    pub async fn my_step(&self, viewer: &Viewer, document: &str) -> String {
        let seen = self.see(viewer, document, "route { id isViewers }").await;
        let steps = seen["route"].as_array().unwrap_or_else(|| panic!("not seen: {seen}"));
        let mine = steps.iter().find(|step| step["isViewers"] == true);
        text(&mine.unwrap_or_else(|| panic!("no step of the viewer: {seen}"))["id"])
    }

    pub async fn decide(&self, viewer: &Viewer, step: &str) -> Value {
        self.ask(viewer, &format!("mutation {{ decideStep(step: \"{step}\") {{ state }} }}")).await
    }

    pub async fn sign(&self, viewer: &Viewer, step: &str, password: &str) -> Value {
        self.sign_by(viewer, step, &format!("password: \"{password}\"")).await
    }

    /// Adds a passkey to somebody's account; the recovery codes that come with it.
    pub async fn add_passkey(&self, viewer: &Viewer) -> Vec<String> {
        let mut device = Authenticator::at(PASSKEY_ORIGIN);
        let begun = self.ask(viewer, "mutation { startPasskey { ticket options } }").await;
        let begun = &begun["data"]["startPasskey"];
        let answer = Value::from(device.create(begun["options"].as_str().expect("options")));
        let add = format!(
            "mutation {{ addPasskey(input: {{ ticket: {}, answer: {answer} }}, name: \"Ключ\") {{ status recoveryCodes }} }}",
            begun["ticket"]
        );
        let added = self.ask(viewer, &add).await;
        let codes = added["data"]["addPasskey"]["recoveryCodes"].as_array().expect("codes").clone();
        codes.iter().map(text).collect()
    }

    /// Signs with a proof as the API writes it.
    pub async fn sign_by(&self, viewer: &Viewer, step: &str, proof: &str) -> Value {
        let operation = format!(
            "mutation {{ signStep(step: \"{step}\", proof: {{ {proof} }}, intent: \"Подписываю документ\") \
             {{ status document {{ state }} }} }}"
        );
        self.ask(viewer, &operation).await
    }

    pub async fn signatures(&self, viewer: &Viewer, document: &str) -> Value {
        let fields = "signatures { signer onBehalfOf version valid validity appliesToLatest sha256 }";
        self.see(viewer, document, fields).await["signatures"].clone()
    }
}

/// A word processor's document that says this.
pub fn docx(words: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let body = format!(
        "<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>"
    );
    for (name, xml) in [("[Content_Types].xml", "<Types/>"), ("word/document.xml", body.as_str())] {
        writer.start_file(name, options).expect("an entry begins");
        writer.write_all(xml.as_bytes()).expect("it is written");
    }
    writer.finish().expect("the archive ends").into_inner()
}

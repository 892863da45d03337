//! GraphQL over HTTP: how an operation stands in a request and its answer in a response, to the letter of the draft
//! specification (<https://graphql.github.io/graphql-over-http/draft/>), of which the queries by GET are left out.

use async_graphql::{Request, Response as Answer, ServerError, Value, Variables};
use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::operations::DOCUMENT_ID;

/// The media type of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/graphql-response+json`: the status tells how it went.
    Telling,
    /// `application/json`, of old: whatever reached the engine is 200.
    Plain,
}

impl Media {
    /// The one that the caller likes best; none when it takes neither. A caller that takes anything, or does not say,
    /// is one of old.
    #[must_use]
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
        let mut said =
            headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
        if said.peek().is_none() {
            return Some(Self::Plain);
        }
        let (mut telling, mut exact, mut any) = (0.0_f32, None, 0.0_f32);
        for range in said.flat_map(|value| value.split(',')) {
            let (name, quality) = weighed(range);
            match name.as_str() {
                "application/graphql-response+json" => telling = quality,
                "application/json" => exact = Some(quality),
                "application/*" | "*/*" => any = any.max(quality),
                _ => {}
            }
        }
        let plain = exact.unwrap_or(any);
        if telling > 0.0 && telling >= plain {
            Some(Self::Telling)
        } else {
            (plain > 0.0).then_some(Self::Plain)
        }
    }

    fn name(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Telling => "application/graphql-response+json; charset=utf-8",
            Self::Plain => "application/json; charset=utf-8",
        })
    }
}

/// A media range and its weight, which is 1 when it is not told.
fn weighed(range: &str) -> (String, f32) {
    let mut parts = range.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default().to_ascii_lowercase();
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    (name, quality.map_or(1.0, |quality| quality.parse().unwrap_or(0.0)))
}

/// Whether a body is JSON in UTF-8: no form of a foreign page can send that without asking first (CORS).
#[must_use]
pub fn is_json(headers: &HeaderMap) -> bool {
    let Some(said) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = said.split(';').map(|part| part.trim().to_ascii_lowercase());
    parts.next().as_deref() == Some("application/json")
        && parts.all(|part| match part.strip_prefix("charset=") {
            Some(charset) => charset.trim_matches('"') == "utf-8",
            None => true,
        })
}

/// What stands in a request. Members that nobody knows are passed over, as the specification wants.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<Variables>,
    extensions: Option<std::collections::HashMap<String, Value>>,
}

/// Reads one operation; none when the body is anything else.
#[must_use]
pub fn read(body: &[u8]) -> Option<Request> {
    // A list would be taken for the members in their order.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return None;
    }
    let envelope: Envelope = serde_json::from_slice(body).ok()?;
    if envelope.query.is_none() && envelope.document_id.is_none() {
        return None;
    }
    let mut request = Request::new(envelope.query.unwrap_or_default());
    request.operation_name = envelope.operation_name;
    request.variables = envelope.variables.unwrap_or_default();
    request.extensions.0 = envelope.extensions.unwrap_or_default();
    if let Some(id) = envelope.document_id {
        request.extensions.0.insert(DOCUMENT_ID.to_owned(), Value::String(id));
    }
    Some(request)
}

/// An answer as it is written: without data when nothing was executed.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    extensions: &'a std::collections::BTreeMap<String, Value>,
}

/// Writes an answer of the engine, or of the guard before it.
pub fn write(answer: &Answer, media: Media) -> Response {
    // Errors of execution tell at which field; what stands before execution has no field.
    let executed = answer.data != Value::Null
        || answer.errors.is_empty()
        || answer.errors.iter().any(|error| !error.path.is_empty());
    let written = Written {
        errors: &answer.errors,
        data: executed.then_some(&answer.data),
        extensions: &answer.extensions,
    };
    let status = if media == Media::Telling { status(answer) } else { StatusCode::OK };
    let mut response = (status, Json(written)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media.name());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in &answer.http_headers {
        headers.append(name.clone(), value.clone());
    }
    response
}

/// Without any data the status tells what happened; with partial data it is 200.
fn status(answer: &Answer) -> StatusCode {
    if answer.data != Value::Null || answer.errors.is_empty() {
        return StatusCode::OK;
    }
    let code = answer.errors.iter().find_map(|error| match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code.clone()),
        _ => None,
    });
    match code.as_deref() {
        Some("UNAUTHENTICATED") => StatusCode::UNAUTHORIZED,
        Some("FORBIDDEN") => StatusCode::FORBIDDEN,
        Some("NOT_FOUND") => StatusCode::NOT_FOUND,
        Some("CONFLICT") => StatusCode::CONFLICT,
        Some("RATE_LIMITED") => StatusCode::TOO_MANY_REQUESTS,
        Some("UNAVAILABLE") => StatusCode::SERVICE_UNAVAILABLE,
        Some("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// Refuses what is no operation at all.
pub fn refuse(status: StatusCode, message: &str, media: Media) -> Response {
    let body = json!({ "errors": [{ "message": message, "extensions": { "code": "INVALID", "reason": "request" } }] });
    (status, [(header::CONTENT_TYPE, media.name())], body.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(accept: &[&str]) -> Option<Media> {
        let mut headers = HeaderMap::new();
        for value in accept {
            headers.append(header::ACCEPT, HeaderValue::from_str(value).expect("a value"));
        }
        Media::accepted(&headers)
    }

    #[test]
    fn the_answer_has_the_type_that_the_caller_likes_best() {
        let telling = "application/graphql-response+json";
        for (accept, media) in [
            (vec![], Some(Media::Plain)),
            (vec!["*/*"], Some(Media::Plain)),
            (vec!["application/*"], Some(Media::Plain)),
            (vec![telling], Some(Media::Telling)),
            (vec!["Application/GraphQL-Response+JSON; charset=utf-8"], Some(Media::Telling)),
            (vec![telling, "application/json"], Some(Media::Telling)),
            (vec!["application/json;q=0.9, application/graphql-response+json"], Some(Media::Telling)),
            (vec!["application/graphql-response+json;q=0.5, application/json"], Some(Media::Plain)),
            (vec!["application/graphql-response+json;q=0, */*"], Some(Media::Plain)),
            (vec!["text/html"], None),
            (vec!["application/json;q=0, */*"], None),
            (vec!["application/json;q=nonsense"], None),
        ] {
            assert_eq!(accepted(&accept), media, "{accept:?}");
        }
    }

    #[test]
    fn an_operation_is_read_and_nothing_else_is() {
        let read = |text: &str| read(text.as_bytes());
        for text in [
            "",
            "null",
            "{}",
            "[]",
            r#"["{ __typename }"]"#,
            r#"[{"query":"{ __typename }"}]"#,
            r#"{"query":null}"#,
            r#"{"query":["{ __typename }"]}"#,
            r#"{"query":"{ a }","variables":[]}"#,
            r#"{"query":"{ a }","variables":"{}"}"#,
            r#"{"query":"{ a }","operationName":1}"#,
            r#"{"query":"{ a }","extensions":[]}"#,
            r#"{"query":"{ a }"} more"#,
        ] {
            assert!(read(text).is_none(), "{text}");
        }
        let text = r#" {"query":"{ a }","variables":null,"operationName":null,"extensions":null,"more":[1]}"#;
        assert_eq!(read(text).expect("an operation").query, "{ a }");
        let known = read(r#"{"documentId":"sha256:00","variables":{"b":1}}"#).expect("an operation");
        assert_eq!(known.extensions.0.get(DOCUMENT_ID), Some(&Value::String("sha256:00".to_owned())));
        assert_eq!(known.variables.len(), 1);
    }

    #[test]
    fn only_json_in_utf_8_is_json() {
        let is = |value: &'static str| {
            is_json(&HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(value))]))
        };
        assert!(is("application/json") && is("Application/JSON; Charset=\"UTF-8\""));
        assert!(!is("application/json; charset=utf-16") && !is("application/json2") && !is("text/plain"));
        assert!(!is_json(&HeaderMap::new()));
    }
}

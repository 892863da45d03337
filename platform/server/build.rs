//! The folder of the web app must be there to be embedded, built or not.
fn main() {
    println!("cargo:rerun-if-changed=../../web/dist");
    std::fs::create_dir_all("../../web/dist").expect("the folder of the web app can be made");
}

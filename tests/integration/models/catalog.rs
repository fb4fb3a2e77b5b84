//! The catalog of base models: what a well-formed one holds, and that every mistake is refused and named.

use xpert::models::{Catalog, CatalogError};

use super::support::{catalog_text, model, sha256};

#[test]
fn the_shipped_catalog_is_valid_and_its_default_is_smollm2() {
    let catalog = Catalog::shipped().expect("assets/models.toml");
    let model = catalog.default_model();
    assert_eq!(model.name, "SmolLM2-135M-Instruct");
    assert_eq!((model.architecture.as_str(), model.licence.as_str()), ("llama", "Apache-2.0"));
    assert_eq!(model.file.bytes, 98_362_432);
    let sources: Vec<&str> = model.file.sources.iter().map(Into::into).collect();
    assert_eq!(sources, ["HubCache", "Hub", "PythonPackage"], "this machine first, then the hub, then the package");
    assert!(catalog.find("nothing-like-it").is_none());
}

#[test]
fn every_mistake_is_refused_and_named() {
    let catalog = Catalog::parse(&catalog_text()).expect("valid");
    assert_eq!((catalog.entries().len(), catalog.default_model().file.sources.len()), (1, 3));
    let (size, hash) = (format!("bytes = {}", model().len()), sha256(&model()));
    let cases = [
        ("default = \"tiny\"", "default = \"huge\"", "no model has that id"),
        ("id = \"tiny\"", "id = \"Tiny Model\"", "`Tiny Model`"),
        ("name = \"Tiny\"", "name = \" \"", "`name` is empty"),
        ("parameters = 7", "parameters = 0", "`parameters`"),
        ("parameters = 7", "parametres = 7", "parametres"),
        ("name = \"tiny.gguf\"", "name = \"../tiny.gguf\"", "plain file name"),
        ("name = \"tiny.gguf\"", "name = \".hidden\"", "plain file name"),
        (&size, "bytes = 0", "`bytes`"),
        (&size, "bytes = -9", "invalid value"),
        (&hash, &hash.to_uppercase(), "hexadecimal"),
        (&hash, &hash[1..], "hexadecimal"),
        ("repo = \"someone/tiny\"", "repo = \"tiny\"", "source 1: `repo`"),
        ("repo = \"someone/tiny\"", "repo = \"someone/..\"", "source 1: `repo`"),
        ("revision = \"", "revision = \"../", "source 2: `revision`"),
        ("package = \"tiny-model\"", "package = \"-r\"", "source 3: `package`"),
        ("version = \"1.0\"", "version = \"1.0 evil\"", "`version`"),
        ("member = \"tiny_model/tiny.gguf\"", "member = \"/etc/passwd\"", "`member`"),
        ("kind = \"hub\"", "kind = \"carrier-pigeon\"", "carrier-pigeon"),
    ];
    for (from, to, expected) in cases {
        let text = catalog_text().replacen(from, to, 1);
        assert_ne!(text, catalog_text(), "the case `{to}` changes nothing");
        let message = Catalog::parse(&text).expect_err(to).to_string();
        assert!(message.contains(expected), "`{to}` gave: {message}");
    }
}

#[test]
fn empty_and_doubled_catalogs_are_refused() {
    assert!(matches!(Catalog::parse("default = \"tiny\""), Err(CatalogError::Empty)));
    assert!(matches!(Catalog::parse("not toml ["), Err(CatalogError::Syntax(_))));
    let model = catalog_text().split_once("[[model]]").expect("one model").1.to_owned();
    let twice = format!("{}[[model]]{model}", catalog_text());
    assert!(matches!(Catalog::parse(&twice), Err(CatalogError::DuplicateId(id)) if id == "tiny"));
    let same_file = format!("{}[[model]]{}", catalog_text(), model.replace("id = \"tiny\"", "id = \"other\""));
    assert!(Catalog::parse(&same_file).expect_err("one name for two files").to_string().contains("same name"));
    let bare = catalog_text().split_once("[model.file]").expect("a file").0.to_owned();
    assert!(Catalog::parse(&bare).expect_err("no file").to_string().contains("`file`"));
}

//! Software bill of materials, as CycloneDX 1.5 in JSON: the crates that are compiled into `dist/`,
//! and workerd, which runs it.
//!
//! It has no time and no serial number, so that it is the same for the same build.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::VERSION;
use crate::build_cache::hex;
use crate::notices::{self, Package};
use crate::root;

/// Name of the file, which tools recognise.
pub const FILE: &str = "sbom.cdx.json";

/// Returns the document.
pub fn write() -> Result<String> {
    let checksums = checksums()?;
    let mut components: Vec<Value> =
        notices::packages()?.iter().map(|package| crate_component(package, &checksums)).collect();
    components.extend(npm_components()?);
    let references: Vec<&Value> = components.iter().map(|component| &component["bom-ref"]).collect();
    let grapevine = format!("pkg:generic/grapevine@{VERSION}");
    let document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": grapevine,
                "name": "grapevine",
                "version": VERSION,
                "licenses": [{ "expression": "MIT OR Apache-2.0" }],
                "purl": grapevine,
            },
        },
        "dependencies": [{ "ref": grapevine, "dependsOn": references }],
        "components": components,
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn crate_component(package: &Package, checksums: &BTreeMap<(String, String), String>) -> Value {
    let Package { name, version, license, source, .. } = package;
    let purl = format!("pkg:cargo/{name}@{version}");
    let mut component = json!({
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        // The sign of old manifests for OR.
        "licenses": [{ "expression": license.replace('/', " OR ") }],
        "purl": purl,
    });
    if let Some(checksum) = checksums.get(&(name.clone(), version.clone())) {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if !source.is_empty() {
        component["externalReferences"] = json!([{ "type": "vcs", "url": source }]);
    }
    component
}

/// Returns the checksums in `Cargo.lock` by name and version.
fn checksums() -> Result<BTreeMap<(String, String), String>> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).context("Cargo.lock is missing")?;
    let value = |package: &str, key: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""))?;
        Some(line.trim_end_matches('"').to_owned())
    };
    let packages = lock.split("[[package]]").filter_map(|package| {
        Some(((value(package, "name")?, value(package, "version")?), value(package, "checksum")?))
    });
    Ok(packages.collect())
}

/// Returns workerd with its builds for each system, as `package-lock.json` has them.
fn npm_components() -> Result<Vec<Value>> {
    let lock = fs::read(root().join("package-lock.json")).context("package-lock.json is missing")?;
    let lock: Value = serde_json::from_slice(&lock).context("package-lock.json is no JSON")?;
    let packages = lock["packages"].as_object().context("package-lock.json has no packages")?;
    let names =
        packages.iter().filter_map(|(path, package)| Some((path.strip_prefix("node_modules/")?, package)));
    let workerd = names.filter(|(name, _)| *name == "workerd" || name.starts_with("@cloudflare/workerd-"));
    workerd
        .map(|(name, package)| {
            let version = package["version"].as_str().context("a package has a version")?;
            let integrity = package["integrity"].as_str().and_then(|it| it.strip_prefix("sha512-"));
            let digest = BASE64_STANDARD.decode(integrity.context("a package has an integrity")?)?;
            let purl = format!("pkg:npm/{}@{version}", name.replace('@', "%40"));
            Ok(json!({
                "type": "library",
                "bom-ref": purl,
                "name": name,
                "version": version,
                "licenses": [{ "expression": package["license"] }],
                "purl": purl,
                "hashes": [{ "alg": "SHA-512", "content": hex(&digest) }],
            }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_document_has_the_required_fields_and_each_component_once() {
        let document: Value = serde_json::from_str(&write().unwrap()).unwrap();
        assert_eq!((&document["bomFormat"], &document["specVersion"]), (&json!("CycloneDX"), &json!("1.5")));
        assert!(document["version"].is_u64());
        let components = document["components"].as_array().unwrap();
        let mut references = BTreeSet::new();
        for component in components {
            for field in ["bom-ref", "name", "version", "purl", "type"] {
                assert!(
                    component[field].as_str().is_some_and(|text| !text.is_empty()),
                    "{field}: {component}"
                );
            }
            assert!(references.insert(component["bom-ref"].as_str().unwrap()), "twice: {component}");
            let expression = component["licenses"][0]["expression"].as_str().unwrap();
            assert!(!expression.is_empty() && !expression.contains('/'), "{component}");
            let hash = &component["hashes"][0];
            let digits = if hash["alg"] == "SHA-256" { 64 } else { 128 };
            assert_eq!(hash["content"].as_str().map(str::len), Some(digits), "{component}");
        }
        for name in ["leptos", "worker", "workerd", "@cloudflare/workerd-linux-64"] {
            assert!(components.iter().any(|component| component["name"] == name), "{name} is missing");
        }
        for name in ["esbuild", "proptest", "collector"] {
            assert!(!components.iter().any(|component| component["name"] == name), "{name} is not shipped");
        }
        let depended: BTreeSet<&str> = document["dependencies"][0]["dependsOn"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(depended, references);
    }

    #[test]
    fn the_document_is_the_same_each_time() {
        assert_eq!(write().unwrap(), write().unwrap());
    }
}

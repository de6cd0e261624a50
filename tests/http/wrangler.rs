//! The build as Cloudflare's own tool sees it.

use tempfile::TempDir;
use tests::server;

#[test]
fn wrangler_can_deploy_the_build() {
    let out = TempDir::with_prefix("grapevine-upload-").unwrap();
    let (succeeded, printed) = xtask::deploy_dry_run(&server::dist().path, out.path()).unwrap();
    assert!(succeeded, "{printed}");
    // Every binding of wrangler.jsonc is understood, and so is every other member of it.
    for binding in ["env.SITES (Site)", "env.VISITORS", "env.ASSETS"] {
        assert!(printed.contains(binding), "{binding} is missing: {printed}");
    }
    assert!(!printed.contains("WARNING"), "{printed}");
    assert!(out.path().join("index.js").is_file(), "{printed}");
}

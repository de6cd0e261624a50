//! Text on the terminal once the demo is running.

use std::io::IsTerminal;

use crate::saved::Site;

/// Prints the URLs, the command that reads the score, the variables that the README examples use,
/// and the data folder.
pub fn print(shop: &str, collector: &str, site: &Site, admin_token: &str, data: &str) {
    let coloured = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let paint = |code: &str, text: &str| match coloured {
        true => format!("\x1b[{code}m{text}\x1b[0m"),
        false => text.to_owned(),
    };
    let line = |name: &str, text: &str| println!("  {}  {text}", paint("2", &format!("{name:<11}")));

    println!();
    println!("  {}", paint("1;35", "Grapevine is running"));
    println!();
    line("Shop", &paint("1", &format!("{shop}/")));
    // The browser sends no part after `#`, and the page takes the key out of its address.
    let owner_page = format!("{collector}/?range=all#key={}&site={}", site.owner, site.id);
    line("Owner page", &paint("1", &owner_page));
    line("Live score", &format!("{shop}/owner"));
    println!();
    line("Score", &format!("curl -H 'Authorization: Bearer {}' \\", site.read));
    line("", &format!("  '{collector}/v1/sites/{}/score?range=all'", site.id));
    println!();
    line("Examples", "To run the README examples, paste these lines into another terminal:");
    println!();
    println!("export HOST={collector} SITE={}", site.id);
    println!("export OWNER_KEY={} READ_KEY={}", site.owner, site.read);
    println!("export GRAPEVINE_ADMIN_TOKEN={admin_token}");
    println!();
    line("Data", &format!("{data} (delete it to start over)"));
    line("Stop", "Ctrl-C stops everything");
    println!();
}

//! Text on the terminal once the demo is running.

use std::io::IsTerminal;

use crate::content::{Content, Sites};
use crate::saved::Site;

/// Returns the address of the owner's page with the owner of a site signed in. The browser sends no
/// part after `#`, and the page takes the key out of its address.
pub fn owner_page(collector: &str, site: &Site) -> String {
    format!("{collector}/?range=all#key={}&site={}", site.owner, site.id)
}

/// Prints the URLs, the command that reads the shop's score, the variables that the README examples
/// use, for each site, and the data folder.
pub fn print(shop: &str, collector: &str, sites: &Sites, admin_token: &str, data: &str) {
    let site = &sites.shop;
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
    line("Owner page", &paint("1", &owner_page(collector, site)));
    line(
        "Responses",
        match sites.shop_content {
            Content::Sample => "a year of sample responses, written for this demo, and those that you give",
            Content::Survey => "a real survey of The Carpentries, and those that you gave to the shop",
        },
    );
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
    if let Some(survey) = &sites.survey {
        let name = Content::Survey.site_name();
        line("Real data", &format!("The site \"{name}\" has responses of real people."));
        line("", &owner_page(collector, survey));
        line("", "For it, paste also:");
        println!();
        println!("export SITE={}", survey.id);
        println!("export OWNER_KEY={} READ_KEY={}", survey.owner, survey.read);
        println!();
    }
    line("Data", &format!("{data} (delete it to start over)"));
    line("Stop", "Ctrl-C stops everything");
    println!();
}

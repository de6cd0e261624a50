//! The demo's two sites: the shop's, with sample responses, and one with a real survey.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use crate::files::home;
use crate::saved::{Folder, Progress, Saved, Site};
use crate::settings::display_path;
use crate::site::{Collector, File};

const SURVEY_FILE: &str = "data/carpentries_instructor_training_2018.csv";
/// Format of the dates in the survey file: `%m/%d/%y %H:%M`.
const SURVEY_QUERY: &str = "columns=at:date&at_format=%25m/%25d/%25y%20%25H:%25M";

/// End of the year of the printed sample, in Unix seconds: 26 November 2026, 12:40 UTC. It is fixed
/// so that the packed file is the same each time; whoever imports it moves it to the present.
const PRINTED_UNTIL: i64 = 1_795_696_800;

/// Imported responses of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Sample responses of the shop, the same on every machine.
    Sample,
    /// Responses that real people gave to The Carpentries.
    Survey,
}

/// The sites, ready for use.
pub struct Sites {
    /// Site of the shop.
    pub shop: Site,
    /// Content of the shop's site.
    pub shop_content: Content,
    /// Site with the survey. Missing in a folder of an earlier version, where the shop's site has
    /// the survey.
    pub survey: Option<Site>,
}

impl Content {
    /// Returns the name of a site with this content.
    pub fn site_name(self) -> &'static str {
        match self {
            Self::Sample => "Kettle Row",
            Self::Survey => "The Carpentries, instructor training 2018",
        }
    }

    /// Returns the properties that the site declares before the import, so that its scores can be
    /// grouped by them at once.
    fn properties(self) -> &'static [&'static str] {
        match self {
            Self::Sample => &sample::PROPERTIES,
            Self::Survey => &[],
        }
    }

    async fn file(self) -> Result<File> {
        match self {
            Self::Sample => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
                let content = sample::ndjson(i64::try_from(now)?)?;
                Ok(File { content_type: "application/x-ndjson", query: "", content })
            }
            Self::Survey => {
                let path = home().join(SURVEY_FILE);
                let content = tokio::fs::read_to_string(&path)
                    .await
                    .with_context(|| format!("cannot read {}", display_path(&path)))?;
                Ok(File { content_type: "text/csv", query: SURVEY_QUERY, content })
            }
        }
    }
}

/// Prints the sample responses as NDJSON, for the npm package.
pub fn print_sample() -> Result<()> {
    print!("{}", sample::ndjson(PRINTED_UNTIL)?);
    Ok(())
}

/// Creates and fills the sites, unless an earlier run has finished them.
pub async fn prepare(collector: &Collector, folder: &Folder, saved: &mut Saved) -> Result<Sites> {
    let (survey, shop_content) = if saved.survey.is_some() {
        let site = prepare_site(collector, folder, saved, Content::Survey, |saved| {
            saved.survey.get_or_insert_default()
        });
        (Some(site.await?), Content::Sample)
    } else {
        (None, Content::Survey)
    };
    let shop = prepare_site(collector, folder, saved, shop_content, |saved| &mut saved.shop).await?;
    Ok(Sites { shop, shop_content, survey })
}

/// Creates and fills one site. Each step is stored before the next begins.
async fn prepare_site(
    collector: &Collector,
    folder: &Folder,
    saved: &mut Saved,
    content: Content,
    progress: fn(&mut Saved) -> &mut Progress,
) -> Result<Site> {
    let site = match progress(saved).site.clone() {
        Some(site) => {
            collector.check(&site).await.with_context(|| {
                let folder = display_path(folder.path());
                format!("the site in {folder} does not work; delete that folder to start over")
            })?;
            site
        }
        None => {
            let origins = ["127.0.0.1", "localhost"].map(|host| format!("http://{host}:{}", saved.shop_port));
            let (name, properties) = (content.site_name(), content.properties());
            let site = collector.create(&saved.admin_token, name, properties, &origins).await?;
            progress(saved).site = Some(site.clone());
            folder.store(saved)?;
            site
        }
    };
    if !progress(saved).imported {
        let result = collector.import(&site, content.file().await?).await?;
        println!("\n  Imported into the site \"{}\": {result}", content.site_name());
        progress(saved).imported = true;
        folder.store(saved)?;
    }
    Ok(site)
}

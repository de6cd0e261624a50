//! `demo.json`: the tokens and keys that make the data folder usable again on the next run.
//!
//! The demo writes the file under another name and renames it, so it is never half written. It
//! holds secrets, so on Unix only its owner may read it. A lock keeps a second demo out of a folder
//! in use.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::settings::display_path;

/// State that the demo keeps between runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The shop's port; the sites accept responses from this origin only.
    pub shop_port: u16,
    /// May create sites.
    pub admin_token: String,
    /// The collector's secret, which signs site ids.
    pub secret: String,
    /// The shop's site.
    #[serde(flatten)]
    pub shop: Progress,
    /// The site with the real survey. Missing in a folder of an earlier version, where the shop's
    /// site has it.
    pub survey: Option<Progress>,
}

/// State of one of the demo's sites.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The site, once it exists.
    pub site: Option<Site>,
    /// Whether the import ran to its end.
    pub imported: bool,
}

/// A site and its keys, as the collector returned them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The public id.
    pub id: String,
    /// Reads everything and imports.
    pub owner: String,
    /// Reads the score.
    pub read: String,
}

impl Saved {
    /// Creates the state of a first run: new tokens, no sites.
    pub fn fresh(shop_port: u16) -> Result<Self> {
        let (shop, survey) = (Progress::default(), Some(Progress::default()));
        Ok(Self { shop_port, admin_token: token()?, secret: token()?, shop, survey })
    }

    /// Gives a folder both sites if an earlier version has ended before it created its only one.
    fn upgraded(mut self) -> Self {
        if self.shop.site.is_none() {
            self.survey.get_or_insert_default();
        }
        self
    }
}

/// The data folder, locked by this process until it is dropped.
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Creates the folder if it is missing, and locks it.
    pub fn open(path: &Path) -> Result<Self> {
        let path = std::path::absolute(path)?;
        let take = || -> std::io::Result<File> {
            fs::create_dir_all(&path)?;
            OpenOptions::new().create(true).append(true).open(path.join("demo.lock"))
        };
        let lock = take().with_context(|| format!("cannot use {} for data", display_path(&path)))?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => {
                bail!("another demo is running with the data in {}; stop it first", display_path(&path))
            }
            // A file system without locks is accepted.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Self { path, _lock: lock }),
        }
    }

    /// Returns the path of the folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the folder in which the collector stores its objects, apart from the keys.
    pub fn collector(&self) -> Result<PathBuf> {
        let path = self.path.join("collector");
        fs::create_dir_all(&path).with_context(|| format!("cannot create {}", display_path(&path)))?;
        Ok(path)
    }

    /// Loads the state of the last run, if there was one.
    pub fn load(&self) -> Result<Option<Saved>> {
        let path = self.file();
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            other => other.with_context(|| format!("cannot read {}", display_path(&path)))?,
        };
        let saved: Saved = serde_json::from_str(&text).with_context(|| {
            let folder = display_path(&self.path);
            format!("{} is damaged; delete the folder {folder} to begin again", display_path(&path))
        })?;
        Ok(Some(saved.upgraded()))
    }

    /// Stores the state for the next run.
    pub fn store(&self, saved: &Saved) -> Result<()> {
        let (path, beside) = (self.file(), self.path.join("demo.json.new"));
        let write = || -> std::io::Result<()> {
            if let Err(error) = fs::remove_file(&beside)
                && error.kind() != ErrorKind::NotFound
            {
                return Err(error);
            }
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&beside)?;
            file.write_all(&serde_json::to_vec_pretty(saved)?)?;
            file.sync_all()?;
            fs::rename(&beside, &path)
        };
        write().with_context(|| format!("cannot write {}", display_path(&path)))
    }

    fn file(&self) -> PathBuf {
        self.path.join("demo.json")
    }
}

/// Returns 32 random bytes from the operating system, in hexadecimal.
fn token() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("the system gave no random bytes")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A temporary folder for one test.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("grapevine-demo-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            Self(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn the_state_file_round_trips() {
        let scratch = Scratch::new("round-trip");
        let folder = Folder::open(&scratch.0).unwrap();
        assert_eq!(folder.load().unwrap(), None);

        let mut saved = Saved::fresh(8788).unwrap();
        assert_eq!(saved.secret.len(), 64);
        assert_ne!(saved.secret, saved.admin_token);
        folder.store(&saved).unwrap();
        let site = Some(Site { id: "s".into(), owner: "o".into(), read: "r".into() });
        saved.shop = Progress { site: site.clone(), imported: false };
        saved.survey = Some(Progress { site, imported: true });
        folder.store(&saved).unwrap();
        assert_eq!(folder.load().unwrap(), Some(saved));

        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_file_of_an_earlier_version_keeps_its_only_site() {
        let scratch = Scratch::new("earlier");
        let folder = Folder::open(&scratch.0).unwrap();
        let load = |sites: &str| {
            let file = format!(r#"{{"shop_port": 8788, "admin_token": "a", "secret": "s", {sites}}}"#);
            fs::write(folder.file(), file).unwrap();
            folder.load().unwrap().unwrap()
        };
        let saved = load(r#""site": {"id": "s", "owner": "o", "read": "r"}, "imported": true"#);
        let site = Some(Site { id: "s".into(), owner: "o".into(), read: "r".into() });
        assert_eq!((saved.shop, saved.survey), (Progress { site, imported: true }, None));
        let unfinished = load(r#""site": null, "imported": false"#);
        assert_eq!((unfinished.shop, unfinished.survey), (Progress::default(), Some(Progress::default())));
    }

    #[test]
    fn a_damaged_file_names_the_folder_to_delete() {
        let scratch = Scratch::new("damaged");
        let folder = Folder::open(&scratch.0).unwrap();
        fs::write(folder.file(), "{\"shop_port\": 87").unwrap();
        let problem = folder.load().unwrap_err().to_string();
        assert!(problem.contains("delete the folder"), "{problem}");
    }

    #[test]
    fn a_data_folder_is_locked_by_one_process() {
        let scratch = Scratch::new("lock");
        let first = Folder::open(&scratch.0).unwrap();
        assert!(Folder::open(&scratch.0).is_err());
        drop(first);
        assert!(Folder::open(&scratch.0).is_ok());
    }
}

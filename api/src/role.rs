//! Role of an API key.

/// Role of a key. Each role includes the roles after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything with one site.
    Owner,
    /// Read its score, its notes and the counts of its cases.
    Read,
    /// See a snapshot of its score and its public notes, by a link that is passed around.
    Share,
}

impl Role {
    /// All roles, the most powerful first.
    pub const ALL: [Self; 3] = [Self::Owner, Self::Read, Self::Share];

    /// Returns the name, as in a key and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Read => "read",
            Self::Share => "share",
        }
    }

    /// Reads `owner`, `read` or `share`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Returns the role that a key names: `grapevine_ROLE_…`.
    pub fn of_key(key: &str) -> Option<Self> {
        let (role, _) = key.strip_prefix("grapevine_")?.split_once('_')?;
        Self::parse(role)
    }

    /// Whether a key of this role may do what `needed` may.
    pub const fn covers(self, needed: Self) -> bool {
        matches!(
            (self, needed),
            (Self::Owner, _) | (Self::Read, Self::Read | Self::Share) | (Self::Share, Self::Share)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_includes_the_rights_of_weaker_roles() {
        for (at, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(Role::parse(role.as_str()), Some(role));
            for (needed_at, needed) in Role::ALL.into_iter().enumerate() {
                assert_eq!(role.covers(needed), at <= needed_at, "{role:?} {needed:?}");
            }
        }
        assert_eq!(Role::parse("Owner"), None);
    }

    #[test]
    fn a_key_names_its_role() {
        for role in Role::ALL {
            assert_eq!(Role::of_key(&format!("grapevine_{}_0", role.as_str())), Some(role));
        }
        for other in ["", "owner", "grapevine_owner", "grapevine_admin_0", "grapevine_Owner_0"] {
            assert_eq!(Role::of_key(other), None, "{other:?}");
        }
    }
}

//! Scopes: proofs that a caller may reach something. Their fields are private and they are made
//! only here. Not yours is 404 (its existence is none of your business); yours but not allowed
//! is 403.

use entity::id::{AccountId, OrganisationId, PersonId, ServiceId};
use entity::value::Role;

use super::caller::{Admin, Caller, Staff};
use crate::base::error::ApiError;

/// One's own record.
#[derive(Clone, Copy, Debug)]
pub struct SelfScope {
    person: PersonId,
    account: AccountId,
}

impl SelfScope {
    pub fn person(&self) -> PersonId {
        self.person
    }

    pub fn account(&self) -> AccountId {
        self.account
    }
}

/// An organisation's workforce: all of it for an employer, some services for a manager.
#[derive(Clone, Debug)]
pub struct OrgScope {
    organisation: OrganisationId,
    services: Option<Vec<ServiceId>>,
    account: AccountId,
    own_person: Option<PersonId>,
}

impl OrgScope {
    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// The services in reach; `None` means all of the organisation's.
    pub fn services(&self) -> Option<&[ServiceId]> {
        self.services.as_deref()
    }

    pub fn reaches(&self, service: ServiceId) -> bool {
        self.services.as_ref().is_none_or(|services| services.contains(&service))
    }

    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The person that the caller is, who must not confirm their own completions.
    pub fn own_person(&self) -> Option<PersonId> {
        self.own_person
    }
}

/// Catalogue items that somebody may write.
#[derive(Clone, Debug)]
pub struct EditorScope {
    curator: bool,
    providers: Vec<OrganisationId>,
    account: AccountId,
}

impl EditorScope {
    pub fn is_curator(&self) -> bool {
        self.curator
    }

    pub fn providers(&self) -> &[OrganisationId] {
        &self.providers
    }

    pub fn account(&self) -> AccountId {
        self.account
    }

    pub fn may_write(&self, provider: OrganisationId) -> bool {
        self.curator || self.providers.contains(&provider)
    }
}

/// Figures that somebody may ask for: protected ones nationally or for areas, real ones for
/// their own organisations.
#[derive(Clone, Debug)]
pub struct FiguresScope {
    national: bool,
    areas: Vec<String>,
    organisations: Vec<OrganisationId>,
    account: AccountId,
}

impl FiguresScope {
    pub fn is_national(&self) -> bool {
        self.national
    }

    pub fn areas(&self) -> &[String] {
        &self.areas
    }

    /// Organisations whose real figures this caller may see.
    pub fn organisations(&self) -> &[OrganisationId] {
        &self.organisations
    }

    pub fn account(&self) -> AccountId {
        self.account
    }
}

/// Accounts, roles and organisations of the whole installation; never anybody's record.
#[derive(Clone, Copy, Debug)]
pub struct AdminScope {
    account: Option<AccountId>,
}

impl AdminScope {
    /// Who acts; nobody is the program itself.
    pub fn account(&self) -> Option<AccountId> {
        self.account
    }

    pub fn is_own(&self, account: AccountId) -> bool {
        self.account == Some(account)
    }
}

impl Admin {
    pub fn installation(&self) -> AdminScope {
        AdminScope { account: Some(self.0.account) }
    }
}

/// The program itself: jobs and the command line.
#[derive(Clone, Copy, Debug)]
pub struct SystemScope(());

impl SystemScope {
    /// Only for `jobs` and command-line actions, which act for nobody.
    pub fn program() -> Self {
        Self(())
    }

    pub fn installation(self) -> AdminScope {
        AdminScope { account: None }
    }
}

impl Staff {
    /// The caller's own record.
    pub fn own(&self) -> Result<SelfScope, ApiError> {
        self.0.own()
    }
}

impl Caller {
    /// The caller's own record; 403 for an account without a person.
    pub fn own(&self) -> Result<SelfScope, ApiError> {
        let person = self.person.ok_or_else(|| {
            ApiError::not_allowed("This account is not linked to a person, so it has no record of learning.")
        })?;
        Ok(SelfScope { person, account: self.account })
    }

    /// An organisation that the caller works with as employer or manager, to read and confirm.
    pub fn organisation(&self, organisation: OrganisationId) -> Result<OrgScope, ApiError> {
        let grants = self.grants.iter().filter(|grant| grant.organisation_id == Some(organisation));
        let mut services = Vec::new();
        for grant in grants {
            match (grant.role, grant.service_id) {
                (Role::Employer, _) => return Ok(self.org_scope(organisation, None)),
                (Role::Manager, Some(service)) => services.push(service),
                _ => {}
            }
        }
        if services.is_empty() {
            return Err(ApiError::not_found("this organisation"));
        }
        Ok(self.org_scope(organisation, Some(services)))
    }

    /// An organisation to change: employers only.
    pub fn employer(&self, organisation: OrganisationId) -> Result<OrgScope, ApiError> {
        let scope = self.organisation(organisation)?;
        if scope.services.is_some() {
            return Err(ApiError::not_allowed("Only the employer's training or HR lead can change this."));
        }
        Ok(scope)
    }

    /// Every organisation in reach, each as its scope.
    pub fn organisations(&self) -> Vec<OrgScope> {
        let mut ids: Vec<_> = self.grants.iter().filter_map(|grant| grant.organisation_id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().filter_map(|id| self.organisation(id).ok()).collect()
    }

    fn org_scope(&self, organisation: OrganisationId, services: Option<Vec<ServiceId>>) -> OrgScope {
        OrgScope { organisation, services, account: self.account, own_person: self.person }
    }

    /// Catalogue items to write; 403 for everyone but curators and providers.
    pub fn editor(&self) -> Result<EditorScope, ApiError> {
        let curator = self.has(Role::Curator);
        let providers: Vec<_> = self
            .grants
            .iter()
            .filter(|grant| grant.role == Role::Provider)
            .filter_map(|grant| grant.organisation_id)
            .collect();
        if !curator && providers.is_empty() {
            return Err(ApiError::not_allowed("Only curators and training providers can change the catalogue."));
        }
        Ok(EditorScope { curator, providers, account: self.account })
    }

    /// Figures to ask for; 403 for callers without any.
    pub fn figures(&self) -> Result<FiguresScope, ApiError> {
        let of = |role: Role| self.grants.iter().filter(move |grant| grant.role == role);
        let national = self.has(Role::Planner);
        let areas: Vec<_> = of(Role::Adp).filter_map(|grant| grant.area.clone()).collect();
        let organisations: Vec<_> = of(Role::Employer).filter_map(|grant| grant.organisation_id).collect();
        if !national && areas.is_empty() && organisations.is_empty() {
            return Err(ApiError::not_allowed("Your account cannot ask for workforce figures."));
        }
        Ok(FiguresScope { national, areas, organisations, account: self.account })
    }
}

//! Pure rules of roles: what each is granted for. Knows no database.

use entity::id::{OrganisationId, ServiceId};
use entity::value::{AreaKind, Role};

use crate::base::error::Fields;
use crate::reference::area;

/// A role as somebody wants to grant it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    pub role: Role,
    pub organisation: Option<OrganisationId>,
    pub service: Option<ServiceId>,
    /// Slug of an ADP
    pub area: Option<String>,
}

impl Reach {
    /// Whether an organisation, a service, an area belong to this role.
    fn parts(&self) -> [bool; 3] {
        match self.role {
            Role::Employer | Role::Provider => [true, false, false],
            Role::Manager => [true, true, false],
            Role::Adp => [false, false, true],
            Role::Planner | Role::Curator | Role::Admin => [false; 3],
        }
    }

    /// Whether whoever has it sees people by name, or says what they have done.
    pub fn reaches_records(&self) -> bool {
        matches!(self.role, Role::Employer | Role::Manager | Role::Provider)
    }

    /// Notes what is missing and what does not belong to the role.
    pub fn check(&self, fields: &mut Fields) {
        let [organisation, service, area] = self.parts();
        let parts = [
            ("organisation_id", "an organisation", organisation, self.organisation.is_some()),
            ("service_id", "a service", service, self.service.is_some()),
            ("area", "an area", area, self.area.is_some()),
        ];
        for (field, what, wanted, given) in parts {
            if wanted && !given {
                fields.push(field, "missing", format!("This role needs {what}."));
            } else if given && !wanted {
                fields.push(field, "not_for_this_role", format!("This role is not granted for {what}."));
            }
        }
        let known = |slug: &String| area::all().get(slug).is_some_and(|area| area.kind == AreaKind::Adp);
        if area && self.area.as_ref().is_some_and(|slug| !known(slug)) {
            fields.push("area", "unknown_area", "Choose an Alcohol and Drug Partnership from the list.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn faults(role: Role, parts: [bool; 2], area: Option<&str>) -> Vec<(String, String)> {
        let [organisation, service] = parts;
        let reach = Reach {
            role,
            organisation: organisation.then_some(OrganisationId(Uuid::nil())),
            service: service.then_some(ServiceId(Uuid::nil())),
            area: area.map(str::to_owned),
        };
        let mut fields = Fields::default();
        reach.check(&mut fields);
        let Err(error) = fields.check() else { return Vec::new() };
        error.problem().fields.iter().map(|problem| (problem.field.clone(), problem.code.clone())).collect()
    }

    fn fault(field: &str, code: &str) -> (String, String) {
        (field.to_owned(), code.to_owned())
    }

    #[test]
    fn each_role_takes_its_own_parts_and_no_others() {
        assert_eq!(faults(Role::Employer, [true, false], None), []);
        assert_eq!(faults(Role::Manager, [true, true], None), []);
        assert_eq!(faults(Role::Adp, [false, false], Some("adp-glasgow")), []);
        assert_eq!(faults(Role::Admin, [false, false], None), []);
        assert_eq!(faults(Role::Provider, [false, false], None), [fault("organisation_id", "missing")]);
        assert_eq!(faults(Role::Manager, [true, false], None), [fault("service_id", "missing")]);
        assert_eq!(faults(Role::Planner, [true, false], None), [fault("organisation_id", "not_for_this_role")]);
        assert_eq!(faults(Role::Employer, [true, true], None), [fault("service_id", "not_for_this_role")]);
        for wrong in ["nowhere", "council-glasgow-city", ""] {
            assert_eq!(faults(Role::Adp, [false, false], Some(wrong)), [fault("area", "unknown_area")]);
        }
    }
}

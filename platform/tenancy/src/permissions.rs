//! What may be done to the tree.

use plenum_authz::{Action, Described, Permission};

/// See the tenant's name and units.
pub const VIEW: Permission = Permission::new("tenancy.view");
/// See who may enter the tenant, with which roles and why.
pub const PEOPLE: Permission = Permission::new("tenancy.people");
/// Give roles and take them away, invite, suspend and resume.
pub const GIVE: Permission = Permission::new("tenancy.give_roles");
/// Make and change the tenant's own roles.
pub const DEFINE: Permission = Permission::new("tenancy.define_roles");

/// Set how the tenant looks, in whose name it writes, which languages it speaks, and which modules it has.
pub const SETTINGS: Permission = Permission::new("tenancy.settings");

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[
    VIEW.described(
        ("Видеть структуру организации", "Название организации и её подразделения"),
        ("See the structure", "The organization's name and its units"),
    ),
    PEOPLE.described(
        ("Видеть доступ", "Кто входит в организацию, с какими ролями и почему"),
        ("See access", "Who may enter the organization, with which roles and why"),
    ),
    GIVE.described(
        (
            "Назначать роли",
            "Давать и забирать роли, приглашать людей и приостанавливать их доступ в своих подразделениях",
        ),
        (
            "Give roles",
            "Give roles and take them away, invite people and suspend their access in units of one's own",
        ),
    ),
    DEFINE.described(
        ("Настраивать роли", "Создавать и менять собственные роли организации"),
        ("Define roles", "Make and change the organization's own roles"),
    ),
    SETTINGS.described(
        ("Настраивать организацию", "Название, логотип и цвет, отправитель писем, языки, включённые модули"),
        (
            "Set up the organization",
            "Its names, logo and colour, the sender of letters, languages and modules",
        ),
    ),
];

/// Seeing who holds which rights in a unit.
#[derive(Debug, Clone, Copy)]
pub struct SeePeople;
impl Action for SeePeople {
    const PERMISSION: Permission = PEOPLE;
}

/// Giving roles in a unit and taking them.
#[derive(Debug, Clone, Copy)]
pub struct Give;
impl Action for Give {
    const PERMISSION: Permission = GIVE;
}

/// Setting the tenant up, an act on its root.
#[derive(Debug, Clone, Copy)]
pub struct SetUp;
impl Action for SetUp {
    const PERMISSION: Permission = SETTINGS;
}

/// Defining the tenant's own roles, an act on its root.
#[derive(Debug, Clone, Copy)]
pub struct Define;
impl Action for Define {
    const PERMISSION: Permission = DEFINE;
}

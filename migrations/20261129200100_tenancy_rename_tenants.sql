-- An organization's administrators change its names: an act of the operator's role, as every change of the directory.
GRANT UPDATE (name, short_name) ON tenancy.tenant TO plenum_operator;

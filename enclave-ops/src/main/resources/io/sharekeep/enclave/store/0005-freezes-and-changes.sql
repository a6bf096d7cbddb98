create table freeze (
  id text not null,
  tenant text not null,
  scope text not null,
  by_whom text not null,
  statement blob not null,
  at integer not null,
  lifted integer,
  primary key (tenant, id)
) without rowid;

create table pending_policy (
  tenant text primary key,
  bytes blob not null,
  active_from integer not null,
  at integer not null
) without rowid;

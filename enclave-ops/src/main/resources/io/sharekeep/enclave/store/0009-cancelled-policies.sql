create table cancelled_policy (
  tenant text not null,
  hash text not null,
  by_whom text not null,
  statement blob not null,
  at integer not null,
  primary key (tenant, hash)
) without rowid;

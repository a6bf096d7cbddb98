create table decision (
  decision text not null,
  turn integer not null,
  tenant text not null,
  request_id text not null,
  at integer not null,
  record blob not null,
  primary key (tenant, decision, turn)
) without rowid;

create index decision_request on decision (tenant, request_id);

create index decision_at on decision (tenant, at);

create table waiting (
  request_id text not null,
  tenant text not null,
  signed_request blob not null,
  payload blob not null,
  rule text not null,
  missing text not null,
  assents blob not null,
  policy text not null,
  until integer not null,
  at integer not null,
  primary key (tenant, request_id)
) without rowid;

create index waiting_until on waiting (tenant, until);

create table approval (
  request_id text not null,
  person text not null,
  tenant text not null,
  choice text not null,
  statement blob not null,
  at integer not null,
  primary key (tenant, request_id, person)
) without rowid;

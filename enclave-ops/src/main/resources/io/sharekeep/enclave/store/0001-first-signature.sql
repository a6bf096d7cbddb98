create table meta (
  name text primary key,
  value blob not null
) without rowid;

create table serial (
  tenant text not null,
  name text not null,
  value integer not null,
  primary key (tenant, name)
) without rowid;

create table boot (
  id blob primary key,
  tenant text not null,
  started integer not null,
  stopped integer
) without rowid;

create table log_entry (
  position integer primary key,
  tenant text not null,
  kind text not null,
  at integer not null,
  commit_number integer not null,
  leaf blob not null
);

create table log_checkpoint (
  size integer primary key,
  tenant text not null,
  at integer not null,
  note blob not null
);

create table document (
  hash blob primary key,
  tenant text not null,
  kind text not null,
  id text not null,
  version integer not null,
  bytes blob not null,
  accepted integer not null,
  unique (tenant, kind, id, version)
) without rowid;

create table key_record (
  key_id text not null,
  epoch integer not null,
  tenant text not null,
  version integer not null,
  stage text not null,
  session blob not null,
  metadata blob not null,
  sealed blob not null,
  created integer not null,
  primary key (key_id, epoch)
) without rowid;

create unique index key_record_session on key_record (session);

create table key_statement (
  session blob not null,
  kind text not null,
  party integer not null,
  tenant text not null,
  key_id text not null,
  statement blob not null,
  at integer not null,
  primary key (session, kind, party)
) without rowid;

create table request (
  request_id text primary key,
  tenant text not null,
  digest blob not null,
  kind text not null,
  initiator text not null,
  session blob not null,
  outcome blob,
  not_after integer not null,
  at integer not null
) without rowid;

create table session (
  id blob primary key,
  tenant text not null,
  sid blob unique,
  request text not null unique,
  kind text not null,
  key_id text not null,
  epoch integer not null,
  binding blob not null,
  state text not null,
  open integer not null,
  boot blob not null,
  deadline integer not null
) without rowid;

create index session_open on session (open);

create table outbox (
  session blob not null,
  round integer not null,
  tenant text not null,
  inbox_digest blob not null,
  reply blob not null,
  primary key (session, round)
) without rowid;

create table consumed (
  id blob primary key,
  tenant text not null,
  key_id text not null,
  epoch integer not null,
  boot blob not null,
  session blob not null,
  lane integer not null,
  binding blob not null,
  at integer not null,
  unique (session, lane)
) without rowid;

create table ban (
  peer text not null,
  fault text not null,
  session blob not null,
  tenant text not null,
  party integer not null,
  evidence blob not null,
  at integer not null,
  primary key (peer, session)
) without rowid;

create table peer_checkpoint (
  peer text primary key,
  tenant text not null,
  size integer not null,
  root blob not null,
  note blob not null,
  at integer not null
) without rowid;

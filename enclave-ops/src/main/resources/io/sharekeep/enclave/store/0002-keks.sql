create table kek (
  id text primary key,
  token text not null,
  generation integer not null,
  state text not null,
  canary blob not null,
  made integer not null,
  unique (token, generation)
) without rowid;

insert into kek (id, token, generation, state, canary, made)
  select lower(hex(own.value)), 'core', 1, 'current', canary.value, 0
  from meta own, meta canary
  where own.name = 'core-key/kek' and canary.name = 'core-canary';

delete from meta where name in ('core-key/kek', 'core-canary');

create table key_seal (
  key_id text not null,
  epoch integer not null,
  kek text not null,
  tenant text not null,
  version integer not null,
  sealed blob not null,
  primary key (key_id, epoch, kek),
  foreign key (key_id, epoch) references key_record (key_id, epoch) on delete cascade
) without rowid;

create index key_seal_kek on key_seal (kek);

insert into key_seal (key_id, epoch, kek, tenant, version, sealed)
  select key_id, epoch, lower(hex(substr(sealed, 9, 16))), tenant, version, sealed from key_record;

alter table key_record drop column version;

alter table key_record drop column sealed;

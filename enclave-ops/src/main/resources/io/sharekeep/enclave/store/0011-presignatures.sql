create table presignature_bound (
  presignature blob not null primary key,
  tenant text not null,
  key_id text not null,
  epoch integer not null,
  request blob not null,
  session blob not null,
  at integer not null
) without rowid;

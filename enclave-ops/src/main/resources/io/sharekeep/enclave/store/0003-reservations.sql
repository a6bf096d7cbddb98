create table reservation (
  tenant text not null,
  decision text not null,
  limit_id text not null,
  bucket text not null,
  destination text not null,
  shape text not null,
  amount text not null,
  state text not null,
  at integer not null,
  primary key (tenant, decision, limit_id, bucket, destination)
) without rowid;

create index reservation_at on reservation (tenant, at);

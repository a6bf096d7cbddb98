create table blame (
  tenant text not null,
  request_id text not null,
  report blob not null,
  primary key (tenant, request_id)
) without rowid;

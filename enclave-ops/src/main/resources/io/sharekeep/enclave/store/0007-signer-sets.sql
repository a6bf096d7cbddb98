create table signer_set (
  key_id text not null,
  epoch integer not null,
  signers text not null,
  tenant text not null,
  failures integer not null,
  primary key (key_id, epoch, signers),
  foreign key (key_id, epoch) references key_record (key_id, epoch) on delete cascade
) without rowid;

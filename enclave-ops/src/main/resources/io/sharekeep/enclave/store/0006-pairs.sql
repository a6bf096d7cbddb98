create table pair (
  key_id text not null,
  epoch integer not null,
  peer integer not null,
  tenant text not null,
  generation integer not null,
  state text not null,
  deaths integer not null,
  session blob not null,
  sealed blob not null,
  primary key (key_id, epoch, peer),
  foreign key (key_id, epoch) references key_record (key_id, epoch) on delete cascade
) without rowid;

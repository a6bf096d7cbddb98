alter table pair add column rekeying blob;

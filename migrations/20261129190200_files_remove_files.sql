-- What is offered for some days only, such as an export of everything, is removed when they are over.
GRANT DELETE ON files.file TO plenum_app;

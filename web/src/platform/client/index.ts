export { clientFor, forgetClients, tokenChanged, whenSignedOut } from './client';
export { whenConfirmationNeeded } from './confirmation';
export { type Failure, type FailureCode, isPassing, readFailure } from './failure';
export { failureText, useFailureText } from './failure-texts';
export { type FragmentOf, graphql, type ResultOf, readFragment, type VariablesOf } from './graphql';
export { type SocketState, useSocketState } from './socket-state';
export { type Uploaded, type UploadOutcome, uploadFile } from './upload';
export { type LoadPage, type PageOf, usePaged } from './use-paged';

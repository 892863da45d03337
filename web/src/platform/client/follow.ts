import type { Client as Socket } from 'graphql-ws';

type Request = Parameters<Socket['subscribe']>[0];
type Sink = Parameters<Socket['subscribe']>[1];

/** Whether an answer says that the viewer's rights changed while something was open. */
function rightsChanged(answer: {
  errors?: readonly { extensions?: unknown }[] | undefined;
}): boolean {
  return (answer.errors ?? []).some(
    (error) => (error.extensions as { reason?: unknown } | undefined)?.reason === 'access_changed',
  );
}

/**
 * Subscribes, and asks anew when the viewer's rights changed: the server ends everything that is open
 * then, and lets in again where the rights that are left suffice. Returns how to end it.
 */
export function follow(
  socket: Pick<Socket, 'subscribe'>,
  request: Request,
  sink: Sink,
): () => void {
  let again = false;
  let stopped = false;
  let stop = () => {};
  const begin = () => {
    again = false;
    stop = socket.subscribe(request, {
      next: (answer) => {
        if (rightsChanged(answer)) again = true;
        else sink.next(answer);
      },
      error: (error) => sink.error(error),
      complete: () => {
        if (again && !stopped) begin();
        else sink.complete();
      },
    });
  };
  begin();
  return () => {
    stopped = true;
    stop();
  };
}

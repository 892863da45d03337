/** Asks the person to prove that it is them; true when they did. */
type Ask = () => Promise<boolean>;

let ask: Ask = () => Promise.resolve(false);
let asking: Promise<boolean> | null = null;

/** Names who asks when an operation is refused until the person is confirmed. */
export function whenConfirmationNeeded(handler: Ask): void {
  ask = handler;
}

/** Asks once, however many operations wait for it. */
export function askForConfirmation(): Promise<boolean> {
  asking ??= ask().finally(() => {
    asking = null;
  });
  return asking;
}

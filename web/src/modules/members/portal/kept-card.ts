import type { CardFacts } from './documents';

/** A membership card as this device keeps it, so that it can be shown without a connection. */
export type KeptCard = { card: CardFacts; at: string };

const key = (tenant: string, account: string) => `plenum.card.${tenant}.${account}`;

/** Keeps the card on this device; without storage it is simply not kept. */
export function keepCard(
  storage: Pick<Storage, 'setItem' | 'removeItem'>,
  tenant: string,
  account: string,
  card: CardFacts | null,
  now: Date,
): void {
  try {
    if (card?.valid) {
      const kept: KeptCard = { card, at: now.toISOString() };
      storage.setItem(key(tenant, account), JSON.stringify(kept));
    } else {
      // A card that does not hold any more must not be shown from memory.
      storage.removeItem(key(tenant, account));
    }
  } catch {
    // Full or forbidden storage: the card is shown while there is a connection.
  }
}

/** The card that this device keeps for the account; null when there is none. */
export function keptCard(
  storage: Pick<Storage, 'getItem'>,
  tenant: string,
  account: string,
): KeptCard | null {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key(tenant, account)) ?? 'null');
    return isKept(kept) ? kept : null;
  } catch {
    return null;
  }
}

function isKept(value: unknown): value is KeptCard {
  return (
    typeof value === 'object' &&
    value !== null &&
    'at' in value &&
    typeof value.at === 'string' &&
    'card' in value &&
    typeof value.card === 'object' &&
    value.card !== null &&
    'qrSvg' in value.card &&
    typeof value.card.qrSvg === 'string' &&
    'fullName' in value.card &&
    typeof value.card.fullName === 'string'
  );
}

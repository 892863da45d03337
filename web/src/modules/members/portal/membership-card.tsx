import { useFormat, useTexts } from '#platform/languages';
import type { CardFacts } from './documents';
import { portalTexts } from './texts';
import './portal.css';

/** The electronic membership card with its QR code. */
export function MembershipCard(props: { card: CardFacts }) {
  const t = useTexts(portalTexts);
  const format = useFormat();
  const { card } = props;
  return (
    <section className="member-card" aria-label={t.cardTitle}>
      <div style={{ minWidth: 0 }}>
        <small>{card.organization}</small>
        <strong style={{ margin: '10px 0 4px' }}>{card.fullName}</strong>
        <small>{card.unit}</small>
        <small style={{ marginTop: 8 }}>
          {card.cardNumber && `${t.cardNumber} ${card.cardNumber} · `}
          {t.cardSince} {format.day(card.issuedOn)}
        </small>
        <span className="member-card-state" data-valid={card.valid}>
          {card.valid ? t.cardValid : t.cardInvalid}
        </span>
      </div>
      <div className="member-card-qr">
        {/* As an image, so that nothing in it can run. */}
        <img
          src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(card.qrSvg)}`}
          alt={t.cardQr}
        />
      </div>
    </section>
  );
}

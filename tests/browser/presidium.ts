import { type Page, expect } from '@playwright/test';
import { ask } from './app';

export const tenant = 'federation';

type Made = { createBody: { id: string } };
type Scheduled = { scheduleSession: { status: string; session: { id: string } } };

const SEATS = [
  ['Орлова Марина Викторовна', 'chair', 'CHAIR', 'Профсоюз образования'],
  ['Климова Елена Сергеевна', 'secretary', 'SECRETARY', 'Промышленный профсоюз'],
  ['Агафонов Игорь Петрович', 'member1', 'MEMBER', 'Профсоюз образования'],
];

/** A body of three, or with `more` seats of more, and a session of it: more than half make a quorum. */
export async function callSession(
  page: Page,
  name = 'Президиум Федерации',
  more: string[][] = [],
): Promise<string> {
  const body = await ask<Made>(
    page,
    tenant,
    'mutation($input: CreateBodyInput!) { createBody(input: $input) { id } }',
    {
      input: {
        name,
        kind: 'PRESIDIUM',
        quorum: { comparison: 'MORE_THAN', numerator: 1, denominator: 2 },
      },
    },
  );
  for (const [fullName, email, office, organization] of [...SEATS, ...more]) {
    await ask(page, tenant, 'mutation($input: AddSeatInput!) { addSeat(input: $input) { id } }', {
      input: { body: body.createBody.id, fullName, email: `${email}@plenum.example`, office, organization },
    });
  }
  const scheduled = await ask<Scheduled>(
    page,
    tenant,
    'mutation($input: ScheduleSessionInput!) { scheduleSession(input: $input) { status session { id } } }',
    {
      input: {
        body: body.createBody.id,
        title: 'Заседание Президиума',
        startsAt: new Date(Date.now() + 60_000).toISOString(),
        agenda: [
          {
            title: 'О проведении информационного дня',
            speaker: 'Орлова М. В.',
            draftDecision: 'Провести информационный день 15 декабря.',
            materials: [],
          },
          { title: 'Разное', materials: [] },
        ],
      },
    },
  );
  expect(scheduled.scheduleSession.status).toBe('OK');
  return scheduled.scheduleSession.session.id;
}

/** Enters the room from the page before it. */
export async function enter(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Войти в комнату' }).click();
  await expect(page.getByTestId('room')).toHaveAttribute('data-state', 'connected');
}

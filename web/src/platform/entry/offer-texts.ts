import type { Catalogue } from '#platform/languages';

type Ended = 'ACCEPTED' | 'REVOKED' | 'EXPIRED' | 'REPLACED' | 'UNKNOWN';
type Refusal =
  | 'INVITER_GONE'
  | 'INVITER_LACKS'
  | 'ROLE_GONE'
  | 'SUSPENDED'
  | 'OWN_ACCOUNT'
  | 'ORGANIZATION_SUSPENDED';
type By = string | null;

const ru = {
  title: 'Приглашение',
  heading: (organization: string) => `Приглашение в организацию «${organization}»`,
  role: 'Роль',
  unit: 'Подразделение',
  term: 'Срок роли',
  until: (day: string) => `по ${day}`,
  endless: 'бессрочно',
  invitedBy: 'Пригласил(а)',
  email: 'Для адреса',
  expires: 'Ответить до',
  accept: 'Принять приглашение',
  acceptText: (name: string) => `Вы вошли как ${name}.`,
  newText: 'Учётной записи с этим адресом ещё нет. Проверьте имя и задайте пароль.',
  name: 'Фамилия, имя, отчество',
  nameMissing: 'Укажите, как вас зовут.',
  password: 'Пароль',
  passwordHint: 'Не короче 10 символов. Длинная фраза надёжнее сложных знаков.',
  showPassword: 'Показать введённое',
  tooShort: 'Пароль слишком короткий: нужно не меньше 10 символов.',
  breached:
    'Этот пароль есть в списках украденных паролей: с них начинают подбор. Придумайте другой, например фразу из четырёх слов.',
  reasons: {
    not_a_name: 'Укажите имя без ссылок и адресов.',
    empty: 'Укажите, как вас зовут.',
    too_long: 'Слишком длинно. Сократите имя или пароль.',
  } as Record<string, string>,
  signInText: (email: string) =>
    `У вас уже есть учётная запись с адресом ${email}. Войдите с ней, и приглашение можно будет принять.`,
  signIn: 'Войти',
  signOut: 'Это не вы? Выйти',
  other: (own: string, email: string) =>
    `Вы вошли как ${own}, а приглашение отправлено на ${email}. Принять его можно только с этим адресом.`,
  otherSignIn:
    'Вы вошли через другую организацию. Выйдите и войдите паролем или ключом входа, чтобы принять приглашение.',
  signOutAndGoOn: 'Выйти и продолжить',
  refusedTitle: 'Сейчас приглашение принять нельзя',
  refusals: {
    INVITER_GONE: (by: By) =>
      `${by ?? 'Пригласивший'} больше не состоит в организации. Попросите другого администратора пригласить вас.`,
    INVITER_LACKS: (by: By) =>
      `${by ?? 'Пригласивший'} больше не вправе назначать эту роль. Попросите другого администратора пригласить вас.`,
    ROLE_GONE: () => 'Этой роли больше нет. Попросите пригласить вас с другой ролью.',
    SUSPENDED: () => 'Ваш доступ к организации приостановлен. Обратитесь к её администратору.',
    OWN_ACCOUNT: () => 'Это ваше собственное приглашение: роль себе назначить нельзя.',
    ORGANIZATION_SUSPENDED: () => 'Работа организации приостановлена федерацией.',
  } satisfies Record<Refusal, (by: By) => string>,
  toSignIn: 'Ко входу',
  open: 'Открыть организацию',
  ended: {
    ACCEPTED: (organization: string) => [
      'Приглашение уже принято',
      `Вы в организации «${organization}». Ссылка действует один раз: теперь входите как обычно.`,
    ],
    REVOKED: (organization: string, by: By) => [
      'Приглашение отозвано',
      `Организация «${organization}» отозвала это приглашение. Если это ошибка, обратитесь к тому, кто вас пригласил${by ? `: ${by}` : ''}.`,
    ],
    EXPIRED: (organization: string, by: By) => [
      'Срок приглашения истёк',
      `Попросите пригласить вас в организацию «${organization}» снова${by ? `: приглашал(а) ${by}` : ''}. Прежнее приглашение можно отправить ещё раз.`,
    ],
    REPLACED: (organization: string) => [
      'Есть более новое письмо',
      `Приглашение в организацию «${organization}» отправляли снова. Действует ссылка из последнего письма — найдите его в почте.`,
    ],
    UNKNOWN: () => [
      'Ссылка не подходит',
      'Такого приглашения нет. Скопируйте ссылку из письма целиком или попросите пригласить вас снова.',
    ],
  } satisfies Record<Ended, (organization: string, by: By) => string[]>,
};

const en: typeof ru = {
  title: 'Invitation',
  heading: (organization) => `An invitation to ${organization}`,
  role: 'Role',
  unit: 'Unit',
  term: 'Term of the role',
  until: (day) => `until ${day}`,
  endless: 'without an end',
  invitedBy: 'Invited by',
  email: 'For the address',
  expires: 'Answer before',
  accept: 'Accept the invitation',
  acceptText: (name) => `You are signed in as ${name}.`,
  newText: 'There is no account with this address yet. Check the name and choose a password.',
  name: 'Full name',
  nameMissing: 'Enter your name.',
  password: 'Password',
  passwordHint: 'At least 10 characters. A long phrase is safer than odd signs.',
  showPassword: 'Show what is typed',
  tooShort: 'The password is too short: at least 10 characters are needed.',
  breached:
    'This password is in lists of leaked ones, with which guessing begins. Choose another, a phrase of four words for example.',
  reasons: {
    not_a_name: 'Enter a name without links and addresses.',
    empty: 'Enter your name.',
    too_long: 'Too long. Shorten the name or the password.',
  },
  signInText: (email) =>
    `You have an account with the address ${email} already. Sign in with it, and the invitation can be accepted.`,
  signIn: 'Sign in',
  signOut: 'Not you? Sign out',
  other: (own, email) =>
    `You are signed in as ${own}, and the invitation went to ${email}. It can be accepted with that address only.`,
  otherSignIn:
    'You are signed in by another organization. Sign out, and sign in with a password or a passkey to accept the invitation.',
  signOutAndGoOn: 'Sign out and go on',
  refusedTitle: 'The invitation cannot be accepted now',
  refusals: {
    INVITER_GONE: (by) =>
      `${by ?? 'The inviter'} does not belong to the organization any more. Ask another administrator to invite you.`,
    INVITER_LACKS: (by) =>
      `${by ?? 'The inviter'} may not give this role any more. Ask another administrator to invite you.`,
    ROLE_GONE: () => 'The role is not there any more. Ask to be invited to another one.',
    SUSPENDED: () => 'Your access to the organization is suspended. Turn to its administrator.',
    OWN_ACCOUNT: () => 'It is your own invitation: nobody gives a role to themselves.',
    ORGANIZATION_SUSPENDED: () => 'The federation has suspended the organization.',
  },
  toSignIn: 'To sign-in',
  open: 'Open the organization',
  ended: {
    ACCEPTED: (organization) => [
      'The invitation is accepted already',
      `You belong to ${organization}. The link works once: sign in as usual from now on.`,
    ],
    REVOKED: (organization, by) => [
      'The invitation was taken back',
      `${organization} took this invitation back. If that is a mistake, turn to whoever invited you${by ? `: ${by}` : ''}.`,
    ],
    EXPIRED: (organization, by) => [
      'The invitation is too old',
      `Ask to be invited to ${organization} again${by ? `: ${by} did` : ''}. The same invitation can be sent once more.`,
    ],
    REPLACED: (organization) => [
      'There is a newer letter',
      `The invitation to ${organization} was sent again. The link of the last letter works: look for it in your mail.`,
    ],
    UNKNOWN: () => [
      'The link does not fit',
      'There is no such invitation. Copy the whole link of the letter, or ask to be invited again.',
    ],
  },
};

/** The words of an invitation that somebody opened. */
export const offerTexts: Catalogue<typeof ru> = { ru, en };

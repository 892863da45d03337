//! The words of findings, in both languages. `{0}`, `{1}` … stand for the facts of a finding.

use super::Finding;

/// The language of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// Russian.
    Russian,
    /// English.
    English,
}

impl Tongue {
    /// Of a wish (`ru`, `en`) or else of the environment's `LANG`, such as `ru_RU.UTF-8`.
    #[must_use]
    pub fn of(wish: Option<&str>, lang: Option<&str>) -> Self {
        match wish.or(lang) {
            Some(text) if text.to_lowercase().starts_with("ru") => Self::Russian,
            _ => Self::English,
        }
    }

    pub(super) fn choose<'t>(self, russian: &'t str, english: &'t str) -> &'t str {
        match self {
            Self::Russian => russian,
            Self::English => english,
        }
    }
}

/// A finding in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What was found.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub todo: String,
}

/// The words of a finding.
///
/// # Panics
/// When a finding has no words: a test sees that each has some.
#[must_use]
pub fn words(tongue: Tongue, finding: &Finding) -> Words {
    let found = ALL.iter().find(|(code, ..)| *code == finding.code);
    let (_, russian, english) = found.expect("each finding has words");
    let [what, why, todo] = match tongue {
        Tongue::Russian => russian,
        Tongue::English => english,
    };
    let filled = |text: &str| {
        let facts = finding.facts.iter().enumerate();
        facts.fold(text.to_owned(), |text, (at, fact)| text.replace(&format!("{{{at}}}"), fact))
    };
    Words { what: filled(what), why: filled(why), todo: filled(todo) }
}

type Entry = (&'static str, [&'static str; 3], [&'static str; 3]);

/// Each finding: what, why, what to do.
pub(super) const ALL: &[Entry] = &[
    (
        "http_in_the_open",
        [
            "Платформа открыта людям без шифрования: {0} (слушает {1})",
            "Любой, кто стоит на пути, читает пароли и действует от имени вошедших.",
            "Дайте серверу сертификат (PLENUM_TLS_CERT, PLENUM_TLS_KEY) или поставьте перед ним прокси с HTTPS и слушайте 127.0.0.1; в PLENUM_PUBLIC_URL укажите адрес https://.",
        ],
        [
            "People reach the platform without encryption: {0} (listening at {1})",
            "Whoever stands in between reads passwords and acts as those who signed in.",
            "Give the server a certificate (PLENUM_TLS_CERT, PLENUM_TLS_KEY), or put a proxy with HTTPS before it and listen at 127.0.0.1; set PLENUM_PUBLIC_URL to the https:// address.",
        ],
    ),
    (
        "secret_weak",
        [
            "{0} не случаен: в нём повторяются одни и те же байты",
            "Такой ключ подбирают; им подделывают ссылки на файлы и пропуска в комнаты или открывают зашифрованное.",
            "Возьмите случайный: openssl rand -hex 32. Главный ключ меняйте командой plenum keys rewrap.",
        ],
        [
            "{0} is not random: the same bytes come again and again",
            "Such a key is guessed; with it, links to files and room tokens are forged, or what is sealed is opened.",
            "Take a random one: openssl rand -hex 32. Change the master key by plenum keys rewrap.",
        ],
    ),
    (
        "secrets_equal",
        [
            "PLENUM_SECRET и PLENUM_MASTER_KEY совпадают",
            "Кто узнает один ключ, узнает и другой; у них разное назначение и разный срок.",
            "Задайте разные случайные значения.",
        ],
        [
            "PLENUM_SECRET and PLENUM_MASTER_KEY are the same",
            "Who learns one learns the other; they are for different things and live for different times.",
            "Set different random values.",
        ],
    ),
    (
        "listens_unencrypted",
        [
            "Публичный адрес — https://, а сам сервер слушает {0} без шифрования",
            "Между прокси и сервером пароли идут открыто, и любой в сети обойдёт прокси.",
            "Слушайте 127.0.0.1, если прокси на той же машине, или дайте серверу сертификат (PLENUM_TLS_CERT, PLENUM_TLS_KEY).",
        ],
        [
            "The public address is https://, but the server itself listens at {0} without encryption",
            "Between the proxy and the server passwords go in the open, and anybody in the network goes around the proxy.",
            "Listen at 127.0.0.1 when the proxy is on the same machine, or give the server a certificate (PLENUM_TLS_CERT, PLENUM_TLS_KEY).",
        ],
    ),
    (
        "certificate_unusable",
        [
            "Сертификат не годится: {0}",
            "Сервер с ним не запустится, а работающий останется с прежним, пока тот не истечёт.",
            "Положите сертификат с цепочкой и его ключ в файлы PLENUM_TLS_CERT и PLENUM_TLS_KEY, в формате PEM.",
        ],
        [
            "The certificate cannot be used: {0}",
            "The server does not start with it, and one that runs keeps the one before until that runs out.",
            "Put the certificate with its chain, and its key, into the files of PLENUM_TLS_CERT and PLENUM_TLS_KEY, in PEM.",
        ],
    ),
    (
        "outgoing_boundless",
        [
            "Исходящим запросам разрешены все сети: {0}",
            "Адрес, который введёт администратор любой организации, приведёт сервер к базе данных, к метаданным облака и к соседним машинам.",
            "Оставьте в PLENUM_OUTGOING_ALLOW только нужные узлы и сети.",
        ],
        [
            "Outgoing requests may go to all networks: {0}",
            "An address that an administrator of any organization types in leads the server to the database, to the cloud's metadata and to machines nearby.",
            "Leave in PLENUM_OUTGOING_ALLOW only the hosts and networks that are needed.",
        ],
    ),
    (
        "outgoing_in_the_open",
        [
            "Исходящие запросы идут без шифрования: {0}",
            "Кто стоит на пути, подменяет ответы, в том числе поставщика входа.",
            "Включите на этих узлах HTTPS и уберите http:// из PLENUM_OUTGOING_ALLOW; свой удостоверяющий центр укажите в PLENUM_OUTGOING_CA.",
        ],
        [
            "Outgoing requests go without encryption: {0}",
            "Whoever stands in between forges answers, those of a provider of sign-in included.",
            "Switch HTTPS on at these hosts and take http:// out of PLENUM_OUTGOING_ALLOW; name an authority of your own in PLENUM_OUTGOING_CA.",
        ],
    ),
    (
        "outgoing_allowed",
        [
            "Исходящим запросам разрешены узлы и сети внутри: {0}",
            "Администраторы организаций могут заставить сервер обратиться к ним.",
            "Проверьте, что все они нужны и ждут таких запросов.",
        ],
        [
            "Outgoing requests may go to hosts and networks inside: {0}",
            "Administrators of organizations can make the server call them.",
            "See that all of them are needed and expect such requests.",
        ],
    ),
    (
        "key_file_open",
        [
            "Файл с секретом могут прочесть другие пользователи машины: {0}",
            "Кто прочтёт ключ, подделает ссылки, письма или откроет зашифрованное.",
            "chmod 600 {0}",
        ],
        [
            "Other users of the machine may read a file with a secret: {0}",
            "Who reads the key forges links or letters, or opens what is sealed.",
            "chmod 600 {0}",
        ],
    ),
    (
        "master_key_beside_the_database",
        [
            "Главный ключ лежит рядом с базой данных: {0}",
            "Кто скопирует папку {1} целиком, получит и зашифрованное, и ключ к нему.",
            "Перенесите файл в другое место и укажите его в PLENUM_MASTER_KEY_FILE; не кладите его в ту же резервную копию.",
        ],
        [
            "The master key lies beside the database: {0}",
            "Whoever copies the whole folder {1} has what is sealed and the key to it.",
            "Move the file elsewhere and name it in PLENUM_MASTER_KEY_FILE; do not put it into the same backup.",
        ],
    ),
    (
        "master_key_unusable",
        [
            "База данных не открывается: {0}",
            "Без правильного главного ключа сервер не запустится, а зашифрованное никто не прочтёт.",
            "Верните прежний ключ из места, где вы его храните. Ничего не удаляйте: без него данные не восстановить.",
        ],
        [
            "The database cannot be opened: {0}",
            "Without the right master key the server does not start, and nobody reads what is sealed.",
            "Bring the former key back from where you keep it. Remove nothing: without it the data are lost.",
        ],
    ),
    (
        "turn_secret_is_another_key",
        [
            "PLENUM_TURN_SECRET совпадает с другим ключом установки",
            "Секрет ретранслятора лежит и на чужой машине — там, где работает coturn. Кто его узнает, подпишет ссылки и пропуска или откроет зашифрованные поля.",
            "Задайте ретранслятору свой секрет: openssl rand -hex 32.",
        ],
        [
            "PLENUM_TURN_SECRET is another key of the installation as well",
            "The relay's secret lies on a further machine too, where coturn runs. Whoever learns it signs links and tokens, or opens sealed fields.",
            "Give the relay a secret of its own: openssl rand -hex 32.",
        ],
    ),
    (
        "nats_in_the_open",
        [
            "Серверы переговариваются через NATS без шифрования: {0}",
            "Кто видит эту сеть, может войти в любую видеокомнату чужим пропуском.",
            "Включите TLS в NATS и укажите его адрес в PLENUM_NATS_URL как tls://…; сертификат своего центра — в PLENUM_NATS_CA.",
        ],
        [
            "The servers speak with one another by NATS without encryption: {0}",
            "Whoever sees that network can enter any video room by somebody else's pass.",
            "Switch TLS on in NATS and give its address in PLENUM_NATS_URL as tls://…; the certificate of your own authority goes to PLENUM_NATS_CA.",
        ],
    ),
    (
        "nats_lets_anybody_in",
        [
            "NATS пускает любого: в адресе нет имени и пароля ({0})",
            "Кто до него дотянется, может прерывать заседания и подменять сообщения между серверами.",
            "Заведите в NATS пользователя с паролем и укажите его в PLENUM_NATS_URL: tls://имя:пароль@адрес:4222.",
        ],
        [
            "NATS lets anybody in: its address has no name and password ({0})",
            "Whoever reaches it can interrupt sessions and replace messages between the servers.",
            "Make a user with a password in NATS and name it in PLENUM_NATS_URL: tls://name:password@address:4222.",
        ],
    ),
    (
        "servers_share_too_little",
        [
            "Серверов несколько, а база данных или файлы лежат на одном из них",
            "Другие серверы этих данных не видят, а когда этот остановится, их не увидит никто.",
            "Общую базу укажите в DATABASE_URL, общее хранилище файлов — в PLENUM_S3_BUCKET.",
        ],
        [
            "There are several servers, and the database or the files are on one of them",
            "The other servers do not see that data, and when this one stops, nobody does.",
            "Name a common database in DATABASE_URL, and a common object store in PLENUM_S3_BUCKET.",
        ],
    ),
    (
        "turn_boundless",
        [
            "Ретранслятор не ограничивает поток каждого участника",
            "Один участник может занять весь канал, и у остальных прервётся звук.",
            "Задайте PLENUM_TURN_BANDWIDTH в мегабитах в секунду или уберите его: по умолчанию 20.",
        ],
        [
            "The relay does not limit what each participant sends",
            "One participant can take up the whole line, and the others' sound breaks off.",
            "Set PLENUM_TURN_BANDWIDTH in megabits a second, or take it out: 20 is the default.",
        ],
    ),
    (
        "turn_not_public",
        [
            "Ретранслятор назван людям по внутреннему адресу: {0}",
            "Из-за пределов вашей сети он недоступен, и тем, кому он нужен, не помогает.",
            "Укажите в PLENUM_TURN_PUBLIC имя или адрес, по которому сервер виден из интернета.",
        ],
        [
            "People are told of the relay by an address inside: {0}",
            "From outside of your network it is not reached, and helps none of those who need it.",
            "Set PLENUM_TURN_PUBLIC to the name or address by which the server is seen from the internet.",
        ],
    ),
    (
        "turn_without_tls",
        [
            "Ретранслятор работает без TLS",
            "Сами звук и видео зашифрованы всегда, но сети, которые пропускают только TLS, ретранслятор без него не пройдёт.",
            "Дайте серверу сертификат (PLENUM_TLS_CERT, PLENUM_TLS_KEY) или поставьте отдельный coturn с сертификатом.",
        ],
        [
            "The relay works without TLS",
            "Sound and pictures themselves are always encrypted, but networks that let only TLS through do not let it pass.",
            "Give the server a certificate (PLENUM_TLS_CERT, PLENUM_TLS_KEY), or run a coturn with a certificate.",
        ],
    ),
    (
        "proxies_too_wide",
        [
            "Прокси доверены всем адресам: {0}",
            "Кто угодно назовёт любой адрес своим и обойдёт ограничения частоты и защиту от подбора.",
            "Укажите в PLENUM_TRUSTED_PROXIES только адреса своих прокси.",
        ],
        [
            "All addresses are trusted as proxies: {0}",
            "Anybody calls any address their own and passes the limits and the protection from guessing.",
            "Name only the addresses of your proxies in PLENUM_TRUSTED_PROXIES.",
        ],
    ),
    (
        "mail_goes_nowhere",
        [
            "Письма никуда не отправляются: PLENUM_SMTP_URL не задан",
            "Приглашения, восстановление пароля и извещения о заседаниях остаются в папке на сервере.",
            "Укажите почтовый сервер: smtps://user:password@host.",
        ],
        [
            "Letters go nowhere: PLENUM_SMTP_URL is not set",
            "Invitations, password resets and notices of sessions stay in a folder of the server.",
            "Name a mail server: smtps://user:password@host.",
        ],
    ),
    (
        "mail_in_the_open",
        [
            "Письма идут на почтовый сервер {0} без шифрования",
            "Ссылки для входа и персональные данные видны по дороге.",
            "Укажите smtps:// или добавьте ?tls=required к smtp://.",
        ],
        [
            "Letters go to the mail server {0} without encryption",
            "Links for signing in and personal data are seen on the way.",
            "Use smtps://, or add ?tls=required to smtp://.",
        ],
    ),
    (
        "dkim_missing",
        [
            "Письма не подписываются (DKIM)",
            "Почтовые службы отправляют такие письма в спам, а подделку не отличить от настоящего письма.",
            "Задайте PLENUM_DKIM_SELECTOR, PLENUM_DKIM_DOMAIN и PLENUM_DKIM_KEY и опубликуйте ключ в DNS.",
        ],
        [
            "Letters are not signed (DKIM)",
            "Mail services put such letters into spam, and nobody tells a forgery from the real one.",
            "Set PLENUM_DKIM_SELECTOR, PLENUM_DKIM_DOMAIN and PLENUM_DKIM_KEY, and publish the key in DNS.",
        ],
    ),
    (
        "no_limit_of_calls",
        [
            "Частота обращений не ограничена: PLENUM_API_RATE равен 0",
            "Один человек или одна программа может занять весь сервер.",
            "Уберите эту настройку или задайте число обращений в секунду.",
        ],
        [
            "Nobody's calls are limited: PLENUM_API_RATE is 0",
            "One person or program can take up the whole server.",
            "Remove the setting, or set a number of calls in a second.",
        ],
    ),
    (
        "any_operation",
        [
            "API выполняет любые операции: PLENUM_OPERATIONS равен any",
            "Вошедший может составлять свои запросы, в том числе тяжёлые; взломщику так проще искать слабые места.",
            "Уберите эту настройку; операции своих программ перечислите в файле PLENUM_OPERATIONS_FILE.",
        ],
        [
            "The API executes any operation: PLENUM_OPERATIONS is any",
            "Whoever is signed in may write queries of their own, heavy ones too; so weak spots are easier to look for.",
            "Remove the setting; list the operations of your own programs in the file PLENUM_OPERATIONS_FILE.",
        ],
    ),
    (
        "api_describes_itself",
        [
            "Работающий сервер описывает всё своё API любому",
            "Так ведёт себя только показательный запуск (--demo): он рассчитан на пробу, а не на работу.",
            "Запустите сервер без --demo.",
        ],
        [
            "The running server describes all of its API to anybody",
            "Only a demonstration (--demo) does so: it is made for trying, not for work.",
            "Start the server without --demo.",
        ],
    ),
    (
        "demo_accounts",
        [
            "Есть показательные учётные записи ({0}): {1}",
            "Их пароль напечатан в документации.",
            "Для работы начните с пустой папки данных, без --demo.",
        ],
        [
            "There are accounts of the demonstration ({0}): {1}",
            "Their password is printed in the documentation.",
            "For real work begin with an empty data directory, without --demo.",
        ],
    ),
    (
        "owner_is_the_application",
        [
            "Программа работает под ролью {0}, которой принадлежат таблицы",
            "Владелец таблиц снимает с них защиту строк: одна ошибка, и видны все организации.",
            "Заведите отдельную роль для DATABASE_URL, без прав владельца.",
        ],
        [
            "The program works as the role {0}, which owns the tables",
            "An owner takes row security off: one mistake, and all organizations are seen.",
            "Make a role of its own for DATABASE_URL, which owns nothing.",
        ],
    ),
    (
        "role_too_powerful",
        [
            "Роль базы данных {0} может лишнее: {1}",
            "Она обходит защиту строк или может снять её: организации не отделены друг от друга. Сервер с ней не запустится.",
            "Отнимите у роли эти права (ALTER ROLE … NOSUPERUSER NOBYPASSRLS …) или возьмите другую.",
        ],
        [
            "The database role {0} can do too much: {1}",
            "It steps over row security or can take it off: organizations are not kept apart. The server does not start with it.",
            "Take these rights from the role (ALTER ROLE … NOSUPERUSER NOBYPASSRLS …), or use another one.",
        ],
    ),
    (
        "database_unreachable",
        [
            "База данных не отвечает: {0}",
            "Без неё сервер не запустится, а остальное здесь нельзя проверить.",
            "Проверьте адрес и запущен ли PostgreSQL.",
        ],
        [
            "The database does not answer: {0}",
            "Without it the server does not start, and the rest cannot be checked.",
            "Check the address, and whether PostgreSQL runs.",
        ],
    ),
    (
        "films_not_made",
        [
            "Программа для сборки видеозаписей не запускается: {0}",
            "Заседания записываются, но видео из записей не собирается.",
            "Установите ffmpeg или укажите его в PLENUM_FFMPEG, потом нажмите «Попробовать снова» у записи.",
        ],
        [
            "The program that makes films of recordings cannot be run: {0}",
            "Sessions are recorded, but no films are made of the recordings.",
            "Install ffmpeg or name it in PLENUM_FFMPEG, then press “Try again” at the recording.",
        ],
    ),
    (
        "postgresql_too_old",
        [
            "PostgreSQL {0} слишком стар: нужен {1} или новее",
            "Для него перестают выходить исправления, и платформа на нём не испытана.",
            "Обновите PostgreSQL (pg_upgrade).",
        ],
        [
            "PostgreSQL {0} is too old: {1} or later is needed",
            "It gets no more fixes, and the platform is not tested with it.",
            "Upgrade PostgreSQL (pg_upgrade).",
        ],
    ),
    (
        "durability_off",
        [
            "В PostgreSQL выключен параметр {0}",
            "После сбоя питания база может оказаться разрушенной целиком.",
            "Включите {0} и перезапустите PostgreSQL.",
        ],
        [
            "PostgreSQL's setting {0} is off",
            "After a power failure the whole database may be broken.",
            "Turn {0} on and restart PostgreSQL.",
        ],
    ),
    (
        "commits_do_not_wait",
        [
            "PostgreSQL подтверждает запись раньше, чем она на диске (synchronous_commit = off)",
            "При сбое теряются последние голоса и подписи, о которых людям сказали «принято».",
            "Уберите эту настройку.",
        ],
        [
            "PostgreSQL confirms before it is on the disk (synchronous_commit = off)",
            "A crash loses the last votes and signatures, of which people were told that they were taken.",
            "Remove this setting.",
        ],
    ),
    (
        "database_in_the_open",
        [
            "Связь с базой данных на другой машине не зашифрована",
            "Всё, что читает и пишет платформа, видно в сети.",
            "Включите ssl в PostgreSQL и добавьте ?sslmode=verify-full к адресу.",
        ],
        [
            "The connection to the database on another machine is not encrypted",
            "All that the platform reads and writes is seen on the network.",
            "Turn ssl on in PostgreSQL, and add ?sslmode=verify-full to the address.",
        ],
    ),
    (
        "row_security_missing",
        [
            "Таблицы без обязательной защиты строк ({0}): {1}",
            "Одна ошибка в запросе покажет в них строки чужих организаций.",
            "Верните ENABLE и FORCE ROW LEVEL SECURITY и политику tenant_isolation; узнайте, кто их снял.",
        ],
        [
            "Tables without forced row security ({0}): {1}",
            "One mistake in a query shows rows of other organizations in them.",
            "Bring ENABLE and FORCE ROW LEVEL SECURITY and the policy tenant_isolation back; find out who took them off.",
        ],
    ),
    (
        "clocks_differ",
        [
            "Часы этой машины и базы данных расходятся на {0} с",
            "Ссылки и коды истекают раньше или позже, время голосования спорно.",
            "Включите синхронизацию времени (NTP) на обеих машинах.",
        ],
        [
            "The clocks of this machine and of the database differ by {0} s",
            "Links and codes expire early or late, and times of votes can be disputed.",
            "Turn time synchronization (NTP) on, on both machines.",
        ],
    ),
    (
        "migrations_pending",
        [
            "Не применены изменения базы данных: {0}",
            "Сервер этой версии работает только с ними.",
            "Сделайте резервную копию и выполните plenum migrate.",
        ],
        [
            "Migrations that were not applied: {0}",
            "A server of this version works only with them.",
            "Make a backup and run plenum migrate.",
        ],
    ),
    (
        "program_too_old",
        [
            "База данных новее программы: в ней {0} незнакомых изменений",
            "Старая программа неверно поймёт новые данные.",
            "Установите ту версию программы, с которой работала база.",
        ],
        [
            "The database is newer than the program: it has {0} unknown migrations",
            "An old program misunderstands new data.",
            "Install the version of the program that the database was used with.",
        ],
    ),
    (
        "record_broken",
        [
            "Журнал действий изменён: {0}",
            "Записи кто-то поправил или удалил в обход программы: журналу нельзя верить.",
            "Сохраните копию базы как улику и сравните журнал с прежней копией.",
        ],
        [
            "The record of who did what was changed: {0}",
            "Somebody changed or removed entries behind the program's back: it cannot be trusted.",
            "Keep a copy of the database as evidence, and compare the record with an earlier copy.",
        ],
    ),
    (
        "record_unchecked",
        [
            "Журнал действий давно не сверяли (дней: {0})",
            "Подмена, о которой узнали поздно, может пережить все резервные копии.",
            "Запускайте plenum audit verify каждый день, а напечатанное храните в другом месте.",
        ],
        [
            "The record of who did what was not checked for long (days: {0})",
            "A forgery that is noticed late may outlive all backups.",
            "Run plenum audit verify each day, and keep what it prints elsewhere.",
        ],
    ),
    (
        "disk_nearly_full",
        [
            "На диске с {0} осталось {1} МиБ",
            "Когда место кончится, встанут база данных, файлы и письма.",
            "Освободите место или перенесите данные на больший диск.",
        ],
        [
            "The disk with {0} has {1} MiB left",
            "When it is full, the database, files and letters stop.",
            "Make room, or move the data to a larger disk.",
        ],
    ),
    (
        "sealing_behind",
        [
            "Ещё не зашифрованы текущим ключом значений: {0}",
            "Работающий сервер дошифровывает их сам.",
            "Дайте серверу поработать и посмотрите plenum keys status.",
        ],
        [
            "Values that are not sealed with the present key yet: {0}",
            "A running server seals them by itself.",
            "Let the server run, and look at plenum keys status.",
        ],
    ),
    (
        "backups_unknown",
        [
            "О резервных копиях программе ничего не известно",
            "Она их не делает: без них сбой диска необратим.",
            "Настройте копии базы и файлов, храните главный ключ отдельно от них и пробуйте восстановление.",
        ],
        [
            "The program knows nothing of backups",
            "It makes none: without them a broken disk is final.",
            "Set up backups of the database and of the files, keep the master key apart from them, and try restoring.",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Severity;

    #[test]
    fn all_words_are_there_once_and_take_the_same_facts() {
        for (at, (code, russian, english)) in ALL.iter().enumerate() {
            assert!(ALL[..at].iter().all(|(other, ..)| other != code), "{code} stands twice");
            for text in russian.iter().chain(english) {
                assert!(!text.trim().is_empty(), "{code}");
            }
            for slot in ["{0}", "{1}"] {
                let in_what = |texts: &[&str; 3]| texts[0].contains(slot) || texts[1].contains(slot);
                assert_eq!(in_what(russian), in_what(english), "{code} {slot}");
            }
        }
    }

    /// The codes in the sources, and those that have words, are the same.
    #[test]
    fn each_finding_has_words() {
        let sources = [include_str!("settings.rs"), include_str!("surroundings.rs"), include_str!("mod.rs")];
        for (code, ..) in ALL {
            assert!(
                sources.iter().any(|source| source.contains(&format!("\"{code}\""))),
                "{code} is never found"
            );
        }
        for source in sources {
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            for part in code.split("Severity::").map(|part| part.rsplit('"').nth(1).unwrap_or_default()) {
                let is_code = !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                if is_code && part.contains('_') && part != "full_page_writes" {
                    assert!(ALL.iter().any(|(known, ..)| *known == part), "{part} has no words");
                }
            }
        }
    }

    #[test]
    fn a_language_is_wished_or_that_of_the_environment() {
        assert_eq!(Tongue::of(Some("ru"), Some("en_US.UTF-8")), Tongue::Russian);
        assert_eq!(Tongue::of(None, Some("ru_RU.UTF-8")), Tongue::Russian);
        assert_eq!(Tongue::of(None, Some("C.UTF-8")), Tongue::English);
        assert_eq!(Tongue::of(None, None), Tongue::English);
    }

    #[test]
    fn facts_stand_in_the_words() {
        let finding = Finding::new("key_file_open", Severity::Danger, ["/k/secret.key".to_owned()]);
        assert_eq!(words(Tongue::English, &finding).todo, "chmod 600 /k/secret.key");
        assert!(words(Tongue::Russian, &finding).what.ends_with("/k/secret.key"));
    }
}

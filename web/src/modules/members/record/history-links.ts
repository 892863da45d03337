import type { LinkOptions } from '@tanstack/react-router';
import { links } from '#platform/shell';

/**
 * Where the subject of a fact is shown: when it has a page in this organization, and the reader may open pages of the
 * kind.
 */
export function linkTo(
  tenant: string,
  may: (permission: string) => boolean,
  subject: string | null,
): LinkOptions | null {
  if (!subject) return null;
  const when = (permission: string, link: LinkOptions) => (may(permission) ? link : null);
  switch (subject.split('_')[0]) {
    case 'Session':
      return when('bodies.view', links.session(tenant, subject));
    case 'Body':
      return when('bodies.view', links.body(tenant, subject));
    case 'Document':
      return when('documents.take_part', links.document(tenant, subject));
    case 'Task':
      return when('documents.take_part', links.tasks(tenant));
    case 'Course':
      return when('learning.learn', links.course(tenant, subject));
    case 'Campaign':
      return when('mailings.view', links.campaign(tenant, subject));
    case 'MemberImport':
      return when('members.import', links.memberImport(tenant, subject));
    case 'Correction':
      return when('members.approve', links.corrections(tenant));
    case 'MemberTransfer':
      return when('members.transfer', links.transfers(tenant));
    default:
      return null;
  }
}

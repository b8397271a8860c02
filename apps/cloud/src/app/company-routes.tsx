import { getRouteApi } from '@tanstack/react-router';
import { InCompany } from './in-company.tsx';

const audit = getRouteApi('/companies/$slug/audit');

export function AuditRoute() {
  const { slug } = audit.useParams();
  return (
    <InCompany slug={slug} page="audit">
      {() => null}
    </InCompany>
  );
}

const members = getRouteApi('/companies/$slug/members');

export function MembersRoute() {
  const { slug } = members.useParams();
  return (
    <InCompany slug={slug} page="members">
      {() => null}
    </InCompany>
  );
}

const invitations = getRouteApi('/companies/$slug/invitations');

export function InvitationsRoute() {
  const { slug } = invitations.useParams();
  return (
    <InCompany slug={slug} page="invitations">
      {() => null}
    </InCompany>
  );
}

const requests = getRouteApi('/companies/$slug/requests');

export function RequestsRoute() {
  const { slug } = requests.useParams();
  return (
    <InCompany slug={slug} page="requests">
      {() => null}
    </InCompany>
  );
}

const projects = getRouteApi('/companies/$slug/projects');

export function ProjectsRoute() {
  const { slug } = projects.useParams();
  return (
    <InCompany slug={slug} page="projects">
      {() => null}
    </InCompany>
  );
}

const project = getRouteApi('/companies/$slug/projects/$project');

export function ProjectRoute() {
  const { slug } = project.useParams();
  return (
    <InCompany slug={slug} page="projects">
      {() => null}
    </InCompany>
  );
}

const access = getRouteApi('/companies/$slug/access');

export function AccessRoute() {
  const { slug } = access.useParams();
  return (
    <InCompany slug={slug} page="access">
      {() => null}
    </InCompany>
  );
}

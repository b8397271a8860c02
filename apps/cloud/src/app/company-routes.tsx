import { getRouteApi } from '@tanstack/react-router';
import { AccessPage } from '../features/access/access-page.tsx';
import { InvitationsPage } from '../features/invitations/invitations-page.tsx';
import { MembersPage } from '../features/members/members-page.tsx';
import { ProjectPage } from '../features/projects/project-page.tsx';
import { ProjectsPage } from '../features/projects/projects-page.tsx';
import { RequestsPage } from '../features/requests/requests-page.tsx';
import { InCompany } from './in-company.tsx';

const members = getRouteApi('/companies/$slug/members');

export function MembersRoute() {
  const { slug } = members.useParams();
  const search = members.useSearch();
  const navigate = members.useNavigate();
  return (
    <InCompany slug={slug} page="members">
      {(inside) => (
        <MembersPage
          {...inside}
          search={search}
          onSearch={(next) => void navigate({ search: next, replace: true })}
        />
      )}
    </InCompany>
  );
}

const invitations = getRouteApi('/companies/$slug/invitations');

export function InvitationsRoute() {
  const { slug } = invitations.useParams();
  const search = invitations.useSearch();
  const navigate = invitations.useNavigate();
  return (
    <InCompany slug={slug} page="invitations">
      {({ company }) => (
        <InvitationsPage
          company={company}
          search={search}
          onSearch={(next) => void navigate({ search: next, replace: true })}
        />
      )}
    </InCompany>
  );
}

const requests = getRouteApi('/companies/$slug/requests');

export function RequestsRoute() {
  const { slug } = requests.useParams();
  const search = requests.useSearch();
  const navigate = requests.useNavigate();
  return (
    <InCompany slug={slug} page="requests">
      {({ company }) => (
        <RequestsPage
          company={company}
          search={search}
          onSearch={(next) => void navigate({ search: next, replace: true })}
        />
      )}
    </InCompany>
  );
}

const projects = getRouteApi('/companies/$slug/projects');

export function ProjectsRoute() {
  const { slug } = projects.useParams();
  const { query = '' } = projects.useSearch();
  const navigate = projects.useNavigate();
  return (
    <InCompany slug={slug} page="projects">
      {({ company }) => (
        <ProjectsPage
          company={company}
          query={query}
          onQuery={(next) => void navigate({ search: { query: next }, replace: true })}
        />
      )}
    </InCompany>
  );
}

const project = getRouteApi('/companies/$slug/projects/$project');

export function ProjectRoute() {
  const { slug, project: projectSlug } = project.useParams();
  const { query = '' } = project.useSearch();
  const navigate = project.useNavigate();
  return (
    <InCompany slug={slug} page="projects">
      {(inside) => (
        <ProjectPage
          key={projectSlug}
          {...inside}
          slug={projectSlug}
          query={query}
          onQuery={(next) => void navigate({ search: { query: next }, replace: true })}
        />
      )}
    </InCompany>
  );
}

const access = getRouteApi('/companies/$slug/access');

export function AccessRoute() {
  const { slug } = access.useParams();
  const search = access.useSearch();
  const navigate = access.useNavigate();
  return (
    <InCompany slug={slug} page="access">
      {(inside) => (
        <AccessPage
          {...inside}
          search={search}
          onSearch={(next) => void navigate({ search: next, replace: true })}
        />
      )}
    </InCompany>
  );
}

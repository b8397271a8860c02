import { getRouteApi } from '@tanstack/react-router';
import { AuditPage } from '../features/audit/audit-page.tsx';
import type { WishChange } from '../features/audit/filters.tsx';
import { readTrailWish } from '../features/audit/trail-wish.ts';
import { InCompany } from './in-company.tsx';

const route = getRouteApi('/companies/$slug/audit');

export function AuditRoute() {
  const { slug } = route.useParams();
  const wish = route.useSearch();
  const navigate = route.useNavigate();
  const change = (wished: WishChange) =>
    void navigate({ search: (before) => readTrailWish({ ...before, ...wished }), resetScroll: false });
  return (
    <InCompany slug={slug} page="audit">
      {() => <AuditPage slug={slug} wish={wish} onChange={change} />}
    </InCompany>
  );
}

import { Button } from '@mantine/core';
import { JoinRequest } from '@gatehouse/contract';
import type { ProjectGrant } from '@gatehouse/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../../lib/api.ts';
import {
  allProjectsQuery,
  companyPath,
  patchLists,
  requestsKey,
  waitingQuery,
} from '../../lib/company-queries.ts';
import { en } from '../../messages/en.ts';
import type { Company } from '../../ui/company-frame.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { GrantsChoice } from '../../ui/grants-choice.tsx';

const words = en.requests;

type DecideProps = {
  readonly company: Company;
  readonly request: JoinRequest;
  readonly onSaid: (what: string) => void;
  readonly onClose: () => void;
};

type Decision =
  { readonly what: 'approve'; readonly grants: readonly ProjectGrant[] } | { readonly what: 'decline' };

function useDecision({ company: { slug }, request, onSaid, onClose }: DecideProps) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ what, ...body }: Decision) => {
      const path = companyPath(slug, 'join-requests', request.id, what);
      return ask(path, { method: 'POST', ...(what === 'approve' && { body }) }, JoinRequest);
    },
    onSuccess: async (decided, { what }) => {
      onClose();
      onSaid(words[what === 'approve' ? 'approved' : 'declined'](request.displayName));
      patchLists<JoinRequest>(queries, requestsKey(slug), (one) => (one.id === decided.id ? decided : one));
      await queries.invalidateQueries({ queryKey: waitingQuery(slug).queryKey });
    },
  });
}

/** Lets somebody in, with the projects they begin with. */
export function ApproveDialog(props: DecideProps) {
  const { company, request, onClose } = props;
  const [grants, setGrants] = useState<readonly ProjectGrant[]>([]);
  const deciding = useDecision(props);
  const { data: projects } = useQuery({
    ...allProjectsQuery(company.slug),
    enabled: company.status === 'active',
  });
  return (
    <Dialog
      title={words.approveTitle(request.displayName)}
      onClose={() => {
        if (!deciding.isPending) onClose();
      }}
    >
      <p>{words.approveEffect}</p>
      {projects && <GrantsChoice projects={projects} grants={grants} onGrants={setGrants} />}
      {deciding.isError && <FailureNote error={deciding.error} />}
      <div className="buttons">
        <Button
          onClick={() => {
            if (!deciding.isPending) deciding.mutate({ what: 'approve', grants });
          }}
        >
          {deciding.isPending ? words.approving : words.reallyApprove}
        </Button>
        <Button variant="default" data-first onClick={onClose}>
          {en.list.cancel}
        </Button>
      </div>
    </Dialog>
  );
}

export function DeclineDialog(props: DecideProps) {
  const { request, onClose } = props;
  const deciding = useDecision(props);
  return (
    <Dialog
      title={words.declineTitle(request.displayName)}
      onClose={() => {
        if (!deciding.isPending) onClose();
      }}
    >
      <p>{words.declineEffect}</p>
      {deciding.isError && <FailureNote error={deciding.error} />}
      <div className="buttons">
        <Button
          onClick={() => {
            if (!deciding.isPending) deciding.mutate({ what: 'decline' });
          }}
        >
          {deciding.isPending ? words.declining : words.reallyDecline}
        </Button>
        <Button variant="default" data-first onClick={onClose}>
          {en.list.cancel}
        </Button>
      </div>
    </Dialog>
  );
}

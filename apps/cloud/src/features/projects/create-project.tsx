import { Button, TextInput } from '@mantine/core';
import { Project, Slug } from '@gatehouse/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { ask, asProblem } from '../../lib/api.ts';
import { companyPath } from '../../lib/company-queries.ts';
import { meQuery } from '../../lib/queries.ts';
import { suggestSlug } from '../../lib/slug-suggestion.ts';
import { en } from '../../messages/en.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import '../../ui/field.css';

const words = en.projects;

function useCreation(slug: string) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (project: { name: string; slug: string }) =>
      ask(companyPath(slug, 'projects'), { method: 'POST', body: project }, Project),
    onSuccess: async (created) => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['company', slug] }),
        queries.invalidateQueries({ queryKey: meQuery.queryKey }),
      ]);
      await navigate({ to: '/companies/$slug/projects/$project', params: { slug, project: created.slug } });
    },
  });
}

type FieldsProps = {
  readonly name: string;
  readonly shortName: string;
  readonly nameError: string | boolean;
  readonly slugError: string | boolean;
  readonly onName: (name: string) => void;
  /** Emptied, it is suggested again. */
  readonly onShortName: (slug: string | undefined) => void;
};

function Fields({ name, shortName, nameError, slugError, onName, onShortName }: FieldsProps) {
  return (
    <div className="project-fields">
      <div className="field">
        <TextInput
          label={words.name}
          value={name}
          maxLength={120}
          error={nameError}
          onChange={(event) => {
            onName(event.currentTarget.value);
          }}
        />
      </div>
      <div className="field">
        <TextInput
          label={words.slug}
          description={words.slugHint}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          className="mono-input"
          value={shortName}
          maxLength={40}
          spellCheck={false}
          autoCapitalize="none"
          error={slugError}
          onChange={(event) => {
            onShortName(event.currentTarget.value || undefined);
          }}
        />
      </div>
    </div>
  );
}

/** A new project: its name, and a short name that is suggested until somebody writes their own. */
export function CreateProject({ slug }: { readonly slug: string }) {
  const heading = useId();
  const [name, setName] = useState('');
  const [ownSlug, setOwnSlug] = useState<string>();
  const [isChecked, setIsChecked] = useState(false);
  const creating = useCreation(slug);
  const shortName = ownSlug ?? suggestSlug(name);
  const isNameMissing = name.trim() === '';
  const isSlugWrong = !Slug.safeParse(shortName).success;
  const isTaken = creating.isError && asProblem(creating.error).code === 'slug_taken';
  return (
    <section className="card" aria-labelledby={heading}>
      <div className="stack stack-close">
        <h2 id={heading}>{words.create}</h2>
        <p className="soft small">{words.createLead}</p>
      </div>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setIsChecked(true);
          if (!isNameMissing && !isSlugWrong && !creating.isPending)
            creating.mutate({ name: name.trim(), slug: shortName });
        }}
      >
        <Fields
          name={name}
          shortName={shortName}
          nameError={isChecked && isNameMissing && words.nameMissing}
          slugError={isChecked && !isNameMissing && isSlugWrong ? words.slugWrong : isTaken}
          onName={setName}
          onShortName={setOwnSlug}
        />
        {creating.isError && <FailureNote error={creating.error} />}
        <div>
          <Button type="submit">{creating.isPending ? words.creating : words.reallyCreate}</Button>
        </div>
      </form>
    </section>
  );
}

import { Button, TextInput } from '@mantine/core';
import { Project, ProjectStatus } from '@gatehouse/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { ask } from '../../lib/api.ts';
import { companyPath } from '../../lib/company-queries.ts';
import { meQuery } from '../../lib/queries.ts';
import { en } from '../../messages/en.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import '../../ui/field.css';

const words = en.project;

type ProjectFacts = Pick<Project, 'slug' | 'name' | 'status'>;
type SettingsProps = { readonly slug: string; readonly project: ProjectFacts };
type Wish = { readonly name: string } | { readonly status: ProjectStatus };

function useChange({ slug, project }: SettingsProps) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wish: Wish) =>
      ask(companyPath(slug, 'projects', project.slug), { method: 'PATCH', body: wish }, Project),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: meQuery.queryKey }),
        queries.invalidateQueries({ queryKey: ['company', slug] }),
      ]),
  });
}

function Rename(props: SettingsProps) {
  const [name, setName] = useState(props.project.name);
  const renaming = useChange(props);
  const isMissing = name.trim() === '';
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isMissing && !renaming.isPending) renaming.mutate({ name: name.trim() });
      }}
    >
      <div className="field">
        <TextInput
          label={words.rename}
          value={name}
          maxLength={120}
          error={isMissing ? en.projects.nameMissing : null}
          onChange={(event) => {
            renaming.reset();
            setName(event.currentTarget.value);
          }}
        />
      </div>
      {renaming.isError && <FailureNote error={renaming.error} />}
      <p role="status" className="note said">
        {renaming.isSuccess && words.renamed}
      </p>
      <div>
        <Button type="submit" variant="default">
          {renaming.isPending ? words.saving : words.saveName}
        </Button>
      </div>
    </form>
  );
}

function StatusForm(props: SettingsProps) {
  const { status } = props.project;
  const group = useId();
  const [wished, setWished] = useState<ProjectStatus>(status);
  const changing = useChange(props);
  const isOther = wished !== status;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isOther && !changing.isPending) changing.mutate({ status: wished });
      }}
    >
      <fieldset className="status-choices">
        <legend>{words.statusLegend}</legend>
        {ProjectStatus.options.map((one) => (
          <label key={one} className="status-choice">
            <input
              type="radio"
              name={group}
              value={one}
              checked={wished === one}
              onChange={() => {
                changing.reset();
                setWished(one);
              }}
            />
            <span>
              <strong>{en.projectStatus[one]}</strong>
              <br />
              <span className="soft small">{words.effect[one]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {changing.isError && <FailureNote error={changing.error} />}
      <p role="status" className="note said">
        {changing.isSuccess && words.statusNow(en.projectStatus[wished])}
      </p>
      {isOther && !changing.isSuccess && (
        <>
          <p className="small">{words.statusTakesEffect}</p>
          <div>
            <Button type="submit">
              {changing.isPending ? words.saving : words.setStatus(en.projectStatus[wished])}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}

/** What a project is called, and who may do what in it at all. */
export function ProjectSettings(props: SettingsProps) {
  const heading = useId();
  return (
    <section className="card" aria-labelledby={heading}>
      <h2 id={heading}>{words.settings}</h2>
      <div className="project-settings">
        <Rename {...props} />
        <StatusForm {...props} />
      </div>
    </section>
  );
}

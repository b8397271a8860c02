export type Keyed = { readonly key: string };

/** The people of one stand-in, in the order of its page. */
export type People<Person extends Keyed> = {
  readonly all: () => readonly Person[];
  readonly find: (key: string) => Person | undefined;
  /** Adds a person, or replaces whoever has this key. */
  readonly add: (person: Person) => void;
  /** Changes some fields of a person, as a rename or a new address would; throws if there is none. */
  readonly change: (key: string, changes: Partial<Omit<Person, 'key'>>) => void;
  readonly remove: (key: string) => void;
};

export function createPeople<Person extends Keyed>(initial: readonly Person[]): People<Person> {
  const people = new Map(initial.map((person) => [person.key, person]));
  return {
    all: () => [...people.values()],
    find: (key) => people.get(key),
    add: (person) => {
      people.set(person.key, person);
    },
    change: (key, changes) => {
      const person = people.get(key);
      if (person === undefined) throw new Error(`Nobody here has the key ${key}`);
      people.set(key, { ...person, ...changes });
    },
    remove: (key) => {
      people.delete(key);
    },
  };
}

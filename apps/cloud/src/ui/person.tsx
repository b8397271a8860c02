import { en } from '../messages/en.ts';
import './table.css';

type PersonProps = {
  readonly name: string;
  readonly email: string | null;
  readonly isYou?: boolean;
};

/** A person in a list: the name as they write it, in whatever direction, and the address under it. */
export const Person = ({ name, email, isYou = false }: PersonProps) => (
  <span className="person">
    <span className="person-name">
      <bdi className="clamp" title={name}>
        {name}
      </bdi>
      {isYou && <span className="badge badge-you">{en.list.you}</span>}
    </span>
    <span className="soft small">
      <bdi>{email ?? en.account.noAddress}</bdi>
    </span>
  </span>
);

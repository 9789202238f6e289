import { useGraphiQL } from '@graphiql/react';
import { useEffect, useState } from 'react';
import { type Answer, answerIn, type Fault, type Found, NOTHING } from './answer.ts';
import { csvOf } from './csv.ts';

const STRANGER = new Set(['NOT_SIGNED_IN', 'SESSION_ENDED', 'INTROSPECTION_NOT_ALLOWED']);

/** Below the answer: what went wrong, by code, and the first list of the answer as a file. */
export function AnswerBar({ signIn }: { signIn: string | null }) {
  const { faults, found } = useAnswer();
  return (
    <div className="answer-bar">
      <ul aria-label="Errors">
        {faults.map((fault, index) => (
          <li key={index}>
            <Told fault={fault} signIn={signIn} />
          </li>
        ))}
      </ul>
      {found && <Export {...found} />}
    </div>
  );
}

function Told({ fault: { code, message, path }, signIn }: { fault: Fault; signIn: string | null }) {
  return (
    <>
      <code>{code}</code> {message} {path && <span className="place">at {path}</span>} {STRANGER.has(code) && <Remedy signIn={signIn} />}
    </>
  );
}

function Remedy({ signIn }: { signIn: string | null }) {
  return (
    <span className="remedy">
      {signIn ? <a href={signIn}>Sign in</a> : 'Open this page by the link that the demo prints for analysts.'}
    </span>
  );
}

function Export({ path, list }: Found) {
  const save = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([csvOf(list)], { type: 'text/csv;charset=utf-8' }));
    link.download = `${path.replace(/^data\./, '')}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <button type="button" className="graphiql-button" onClick={save} title={`Export ${path} for a spreadsheet`}>
      Export {list.length} {list.length === 1 ? 'row' : 'rows'} as CSV
    </button>
  );
}

/** What stands in the pane of answers, as it changes. */
function useAnswer(): Answer {
  const editor = useGraphiQL((state) => state.responseEditor);
  const [answer, setAnswer] = useState(NOTHING);
  useEffect(() => {
    const look = () => setAnswer(answerIn(editor?.getValue() ?? ''));
    look();
    const listening = editor?.onDidChangeModelContent(look);
    return () => listening?.dispose();
  }, [editor]);
  return answer;
}

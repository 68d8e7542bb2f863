// `muster limit …`, and the flow of handlers and namespaces, in this process: what is asked, what is printed, and with which exit
// code. Flows against the real coordinator are in test/flows/cli.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Answers, runScripted } from './scene.ts';

const rate = { count: 600, window: { seconds: 60, nanos: 0 }, burst: 20 };
const limit = {
  namespace: 'default',
  spec: { name: 'mail.provider', description: 'their contract', concurrency: 5, rate },
  handlers: ['email.send', 'letter.send'],
  running: 3,
  tokens: 17,
};
const flow = { namespace: 'default', handler: 'email.send', settled: true, limits: {} };

/** What of a request the tests look at. */
interface Request {
  readonly namespace: string;
  readonly name: string;
  readonly handler: string;
  readonly note: string;
  readonly limit: typeof limit.spec;
  readonly limits: Record<string, unknown>;
}

/** Runs `muster WORDS` against a coordinator that answers so. */
const muster = (answers: Answers, words: string) =>
  runScripted<Request>(
    { services: ['LimitService', 'HandlerService'], answers, missing: 'LIMIT_NOT_FOUND' },
    (words.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', '')),
  );

describe('muster limit', () => {
  it('lists limits with what runs under them', async () => {
    const answers: Answers = { ListLimits: () => ({ limits: [limit] }) };
    const { code, out } = await muster(answers, 'limit list');
    assert.equal(code, 0);
    assert.match(out, /^LIMIT +RUNNING +RATE +TOKENS +HANDLERS\n/);
    assert.match(
      out,
      /^mail\.provider +3\/5 +600\/m \(burst 20\) +17 +email\.send letter\.send +their contract$/m,
    );
    const { out: json } = await muster(answers, 'limit list --json');
    const { name, concurrency, rate, tokens } = JSON.parse(json);
    assert.deepEqual([name, concurrency, tokens], ['mail.provider', 5, 17]);
    assert.deepEqual(rate, { count: 600, per: '1m', burst: 20 });
    const none = await muster({ ListLimits: () => ({}) }, 'limit list');
    assert.deepEqual([none.out, none.note], ['', 'There is no shared limit.']);
  });

  it('shows one, or says that there is none', async () => {
    const answers: Answers = { GetLimit: () => ({ limit }) };
    const { out, requests } = await muster(answers, 'limit get mail.provider');
    assert.match(out, /^limits +5 at once\n +600\/m \(burst 20\)$/m);
    assert.match(out, /^handlers +email\.send\n +letter\.send$/m);
    assert.equal(requests[0]?.name, 'mail.provider');
    const missing = await muster({}, 'limit get mail.provider');
    assert.equal(missing.code, 4);
    assert.match(missing.note, /\[LIMIT_NOT_FOUND\]/);
  });

  it('sets what the options say', async () => {
    const words = 'limit set mail.provider --concurrency 5 --rate 600/m --burst 20';
    const { out, requests } = await muster({ SetLimit: () => ({ limit }) }, words);
    assert.equal(out, 'Limit mail.provider is set: 5 at once; 600/m (burst 20).');
    const { name, description, concurrency, rate: sent } = requests[0]?.limit ?? {};
    assert.deepEqual([name, description, concurrency], ['mail.provider', '', 5]);
    assert.deepEqual({ ...sent, window: sent?.window.seconds }, { ...rate, window: 60 });
  });

  it('refuses a limit of nothing, and values that it cannot read, before anybody is asked', async () => {
    const wrong: [string, RegExp][] = [
      ['', /Say what "a" limits: --concurrency such as 10, --rate such as 10\/s, or both/],
      ['--description x', /Say what "a" limits/],
      ['--concurrency 0', /--concurrency is "0"/],
      ['--rate 10', /--rate is "10", but must be .* such as 10\/s/],
      ['--burst 5', /--burst 5 needs a rate/],
    ];
    for (const [words, said] of wrong) {
      const { code, note, methods } = await muster({}, `limit set a ${words}`);
      assert.deepEqual([code, methods], [2, []], words);
      assert.match(note, said);
    }
  });

  it('deletes one', async () => {
    const answers: Answers = { DeleteLimit: () => ({}) };
    assert.equal((await muster(answers, 'limit delete a')).out, 'Limit a is deleted.');
    assert.equal((await muster(answers, 'limit delete a --json')).out, '{"name":"a"}');
  });
});

describe('muster handlers', () => {
  const registered: Answers = { GetHandler: () => ({ handler: { name: 'email.send' } }) };

  it('shows how the work of one stands', async () => {
    const limits = { concurrency: 2, shared: ['mail.provider'] };
    const answers: Answers = {
      GetHandlerFlow: () => ({ flow: { ...flow, limits, running: 2, waiting: 7 } }),
    };
    const { out, requests } = await muster(answers, 'handlers flow email.send');
    assert.match(out, /^limits +2 at once\n +shared: mail\.provider$/m);
    assert.match(out, /^running +2\nwaiting +7$/m);
    assert.equal(requests[0]?.handler, 'email.send');
    const { out: json } = await muster(answers, 'handlers flow email.send --json');
    const { waiting, limits: read } = JSON.parse(json);
    assert.deepEqual([waiting, read], [7, limits]);
  });

  it('sets all limits of one, and says what they are', async () => {
    const answers: Answers = {
      ...registered,
      SetHandlerLimits: ({ limits }: Request) => ({ flow: { ...flow, limits, settled: false } }),
    };
    const { out, note, requests } = await muster(
      answers,
      'handlers limit email.send --concurrency 20 --rate 10/s --burst 30 --key-concurrency 1 --key-rate 1/5s --key-burst 2 --fair --shared a --shared b',
    );
    assert.equal(
      out,
      'Handler email.send is limited: 20 at once; 10/s (burst 30); 1 at once of each key; 1/5s (burst 2) of each key; keys take turns; shared: a b.',
    );
    assert.match(note, /^Not settled yet: tasks that it had/);
    const { concurrency, keyConcurrency, fair, shared } = requests[1]?.limits ?? {};
    assert.deepEqual([concurrency, keyConcurrency, fair, shared], [20, 1, true, ['a', 'b']]);
    const none = await muster(answers, 'handlers limit email.send --none');
    assert.equal(none.out, 'Handler email.send has no limits.');
    assert.equal(none.requests[1]?.limits.concurrency, 0);
  });

  it('refuses limits that are none without a word, and words that contradict each other', async () => {
    const wrong: [string, RegExp][] = [
      ['', /Say how "a" is limited, for example --concurrency 10; --none takes all its limits/],
      ['--none --fair', /--none takes all limits away, but --fair sets one/],
      ['--none --key-burst 5', /--key-burst 5 needs a rate: give --key-rate/],
      ['--key-rate 1/week', /--key-rate is "1\/week"/],
      ['--key-concurrency x', /--key-concurrency is "x"/],
    ];
    for (const [words, said] of wrong) {
      const { code, note, methods } = await muster(registered, `handlers limit a ${words}`);
      assert.deepEqual([code, methods], [2, []], words);
      assert.match(note, said);
    }
  });

  it('pauses with a note, and resumes', async () => {
    const answers: Answers = {
      ...registered,
      PauseHandler: () => ({ flow: { ...flow, paused: true } }),
      ResumeHandler: () => ({ flow: { ...flow, namespacePaused: true } }),
    };
    const pause = await muster(answers, 'handlers pause email.send --note "until noon"');
    assert.deepEqual([pause.out, pause.note], ['Handler email.send is paused.', '']);
    assert.equal(pause.requests[1]?.note, 'until noon');
    const resume = await muster(answers, 'handlers resume email.send');
    assert.equal(resume.out, 'Handler email.send is resumed.');
    assert.match(resume.note, /Its namespace is paused still; "muster namespaces resume"/);
  });

  it('says of a name that nobody has registered that it may be wrong', async () => {
    const answers = { PauseHandler: () => ({ flow }), SetHandlerLimits: () => ({ flow }) };
    for (const words of ['pause email.send', 'limit email.send --fair']) {
      const script = { services: ['LimitService', 'HandlerService'], answers } as const;
      const { code, note } = await runScripted({ ...script, missing: 'HANDLER_NOT_FOUND' }, [
        ...['handlers', ...words.split(' ')],
      ]);
      assert.equal(code, 0);
      assert.match(note, /HANDLER_NOT_FOUND.* It holds once an agent registers it\.$/);
    }
  });
});

describe('muster namespaces', () => {
  const answers: Answers = { PauseNamespace: () => ({}), ResumeNamespace: () => ({}) };

  it('pauses and resumes the one that is named, in either way', async () => {
    const pause = await muster(answers, 'namespaces pause staging --note "moving"');
    assert.equal(pause.out, 'Namespace staging is paused.');
    assert.deepEqual(
      [pause.requests[0]?.namespace, pause.requests[0]?.note],
      ['staging', 'moving'],
    );
    const resume = await muster(answers, 'namespaces resume --namespace staging --json');
    assert.equal(resume.out, '{"name":"staging","paused":false}');
    assert.equal(resume.requests[0]?.namespace, 'staging');
    assert.equal((await muster(answers, 'namespaces pause')).out, 'Namespace default is paused.');
  });

  it('refuses two names', async () => {
    const { code, note, methods } = await muster(answers, 'namespaces pause a --namespace b');
    assert.deepEqual([code, methods], [2, []]);
    assert.match(note, /"a" and --namespace b are two namespaces; give one of them/);
  });
});

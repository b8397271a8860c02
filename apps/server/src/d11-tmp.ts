import { Client } from 'pg';
import { migrate } from '/work/main/apps/server/src/db/migrate.ts';
import { cloudMigrations } from '/work/main/apps/server/src/db/migrations/lists.ts';
import { openDatabase } from '/work/main/apps/server/src/db/open-database.ts';
import { inCompany } from '/work/main/apps/server/src/db/scopes.ts';
import { listMembers } from '/work/main/apps/server/src/members/members-view.ts';
const connection = { host: '/tmp/pgdev/sock', user: 'gatehouse', database: 'cp_d11' };
const a0 = new Client({ ...connection, user: 'postgres', database: 'postgres' }); await a0.connect();
await a0.query('drop database if exists cp_d11'); await a0.query('create database cp_d11 owner gatehouse'); await a0.end();
await migrate({ connection, workingLogin: 'gatehouse', migrations: cloudMigrations });
const a = new Client({ ...connection, user: 'postgres' }); await a.connect(); await a.query('set search_path=gatehouse');
const big='01900000-0000-7000-8000-000000000001', small='01900000-0000-7000-8000-000000000002';
for (const [id, s] of [[big,'big'],[small,'small']]) await a.query("insert into companies values ($1,$2,$2,'active',now(),null)",[id,s]);
await a.query(`with made as (insert into users select ('02000000-0000-7000-8000-' || lpad(n::text,12,'0'))::uuid,'Person '||n,'active',now() from generate_series(1,200000) n returning id, display_name) insert into user_emails select replace(lower(display_name),' ','.')||'@big.example', id, true, null, now() from made`);
await a.query(`insert into members select '${big}', id,'user',now() from users where right(id::text,12)::int<=100000`);
await a.query(`insert into members select '${small}', id,'user',now() from users where right(id::text,12)::int>199900`);
await a.query('analyze'); await a.end();
const db = openDatabase({ connection, maxConnections: 2, onError: console.error });
for (const [c, page] of [[big,{limit:50}],[big,{limit:200}],[small,{limit:50}],[big,{limit:50,cursor:Buffer.from(big+'/02000000-0000-7000-8000-000000090000').toString('base64url')}],[big,{limit:50,query:'person 99999'}],[big,{limit:50,query:'nobody'}]] as const) {
  const times:number[]=[]; let n=0;
  for (let i=0;i<15;i++){ const t=performance.now(); n=(await inCompany(db,c,(tx)=>listMembers(tx,c,page))).items.length; times.push(performance.now()-t);} times.sort((x,y)=>x-y);
  console.log(c===big?'big':'small', JSON.stringify(page).slice(0,60), n, 'p50', times[7]!.toFixed(1), 'max', times[14]!.toFixed(1));
}
await db.destroy();

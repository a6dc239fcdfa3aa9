-- Keys and activities that the batch names.
select 'key' as what, c.key, c.workflow_id, null as seq, null as n, null as kind, null as state, null as round, null as generation,
  null as epoch, null as tries, null as outcome,
  null as request, null as created_at
from json_each(:keys) k cross join correlation c on c.key = k.value
union all
select 'activity', null, a.workflow_id, a.seq, a.n, a.kind, a.state, a.round, a.generation, a.epoch, a.tries, a.outcome,
  a.request, a.created_at
from json_each(:activities) x
cross join activity a on a.workflow_id = json_extract(x.value, '$.workflow_id') and a.seq = json_extract(x.value, '$.seq')
  and a.n = json_extract(x.value, '$.n')

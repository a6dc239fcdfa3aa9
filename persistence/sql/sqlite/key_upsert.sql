-- Parking counts on a free or unowned key only, binding on a free or own key only.
insert into correlation (key, workflow_id, since) values (:key, :workflow_id, :since)
on conflict (key) do update set since = case when workflow_id is null then excluded.since else since end
  where workflow_id is excluded.workflow_id

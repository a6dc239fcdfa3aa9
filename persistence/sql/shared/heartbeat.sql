insert into node (id, seen_at, versions) values (:id, :now, :versions)
on conflict (id) do update set seen_at = excluded.seen_at, versions = excluded.versions

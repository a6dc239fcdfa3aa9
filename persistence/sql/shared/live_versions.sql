select distinct kind, version from workflow where closed_at is null order by kind, version

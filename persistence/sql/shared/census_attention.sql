select attention, count(*) from workflow where attention is not null group by attention

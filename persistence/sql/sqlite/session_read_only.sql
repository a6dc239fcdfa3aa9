pragma query_only = on
